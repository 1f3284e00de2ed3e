import { readdirSync, readFileSync } from 'node:fs'
import { isMap, type KubeObject, parse, toYaml } from '@rollsync/manifests'
import { describe, expect, it } from 'vitest'
import { checkPolicy } from '../check-policy.ts'
import { discover } from '../discover/repository.ts'
import type { Report } from '../finding.ts'
import { readLiveObjects } from './read-live-objects.ts'

const base = new URL('../rules/base/', import.meta.url)
const texts = new Map(readdirSync(base).map((name) => [name, readFileSync(new URL(name, base), 'utf8')]))
const [rollout] = parse([{ file: 'rollout.yaml', text: texts.get('rollout.yaml') ?? '' }]).manifests.map((one) => one.value)
const [application] = parse([{ file: 'apps.yaml', text: texts.get('apps.yaml') ?? '' }]).manifests.map((one) => one.value)
if (rollout === undefined || application === undefined) throw new Error('the base holds both')

const tracking = { 'argocd.argoproj.io/tracking-id': 'service-rollout:argoproj.io/Rollout:default/service-rollout' }

/** As Argo CD's client-side apply leaves it. */
const applied = (object: KubeObject): KubeObject =>
  ({ ...object, metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, ...tracking, 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(object) } } })

async function check(live: readonly KubeObject[], changed: Readonly<Record<string, string>> = {}): Promise<Report> {
  const files = [...new Map([...texts, ...Object.entries(changed)])].map(([file, text]) => ({ file, text }))
  return checkPolicy(discover(files), { live })
}

const told = ({ findings }: Report): readonly string[] => findings.flatMap(({ rule, message }) => (rule.startsWith('live-') ? [`${rule}: ${message}`] : []))
const doubts = ({ unverified }: Report): readonly string[] => unverified.filter((sentence) => sentence.startsWith('live '))

const image = '1.4.2'
const other = texts.get('rollout.yaml')?.replace(image, '1.5.0') ?? ''

describe('a cluster beside Git', () => {
  it('is no drift where Git alone has changed: the next sync brings it', async () => {
    const report = await check([applied(rollout)], { 'rollout.yaml': other })
    expect(told(report)).toEqual([])
    expect(report.live).toEqual({ objects: 1, applications: 0, others: 0 })
  })

  it('is no drift after a server-side apply either, where managedFields say what Argo CD applied', async () => {
    const { annotations } = applied(rollout).metadata
    const { 'kubectl.kubernetes.io/last-applied-configuration': _none, ...kept } = annotations ?? {}
    const managedFields = [{ manager: 'argocd-controller', operation: 'Apply', apiVersion: 'argoproj.io/v1alpha1', fieldsType: 'FieldsV1', fieldsV1: { 'f:spec': { 'f:replicas': {} } } }]
    const live = { ...rollout, metadata: { ...rollout.metadata, annotations: kept, managedFields } }
    expect(told(await check([live], { 'rollout.yaml': texts.get('rollout.yaml')?.replace('replicas: 10', 'replicas: 12') ?? '' }))).toEqual([])
    expect(told(await check([live]))).toEqual([])
  })

  it('is drift where somebody went back to another image', async () => {
    const undone = JSON.parse(JSON.stringify(applied(rollout)).replace(`service-rollout:${image}"`, 'service-rollout:1.4.1"')) as KubeObject
    expect(told(await check([undone]))).toEqual([expect.stringContaining('live-compares-synced: Rollout default/service-rollout is OutOfSync now')])
  })

  it('is not judged by managedFields that were not given', async () => {
    const apps = toYaml({ ...application, spec: { ...(application['spec'] as object), syncPolicy: { syncOptions: ['ServerSideApply=true'] } } })
    expect(doubts(await check([applied(rollout)], { 'apps.yaml': apps }))).toEqual([expect.stringContaining('--show-managed-fields')])
    expect(doubts(await check([applied(rollout)]))).toEqual([])
  })

  it('is doubted where its own Application says another thing of the object', async () => {
    const saying = (status: string): KubeObject => ({ ...application, status: { resources: [{ group: 'argoproj.io', kind: 'Rollout', namespace: 'default', name: 'service-rollout', status }] } })
    expect(doubts(await check([applied(rollout), saying('OutOfSync')]))).toEqual([expect.stringContaining('calls it OutOfSync')])
    expect(doubts(await check([applied(rollout), saying('Synced')]))).toEqual([])
  })

  it('says nothing of objects that Git does not hold, and counts them', async () => {
    const stranger: KubeObject = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'other', namespace: 'elsewhere' } }
    expect(await check([stranger])).toMatchObject({ live: { objects: 0, applications: 0, others: 1 } })
  })

  it('tells of annotations that a later sync deletes', async () => {
    const [ingress] = parse([{ file: 'ingress.yaml', text: texts.get('ingress.yaml') ?? '' }]).manifests.map((one) => one.value)
    if (ingress === undefined) throw new Error('the base holds it')
    const root = { 'alb.ingress.kubernetes.io/actions.service-rollout-active': '{"Type":"forward"}' }
    const respected: KubeObject = { ...ingress, metadata: { ...ingress.metadata, annotations: { ...ingress.metadata.annotations, ...root } } }
    const live = applied(respected)
    expect(told(await check([live]))).toEqual(expect.arrayContaining([expect.stringMatching(/live-sync-keeps-canary: Ingress default\/service-rollout: .*actions\.service-rollout-active stand in last-applied-configuration/)]))
  })
})

describe('what kubectl get prints', () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'default' }, data: { password: 'aHVzaA==' } }
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'default' } }
  const read = (text: string): ReturnType<typeof readLiveObjects> => readLiveObjects([{ file: 'live.json', text }])

  it.each([
    ['a List', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [service, secret] })], ['one object', JSON.stringify(service)], ['YAML', toYaml(service)], ['several documents', `${toYaml(secret)}---\n${toYaml(service)}`],
  ])('is read as %s, without Secrets', (_, text) => {
    expect(read(text)).toEqual({ objects: [service], diagnostics: [] })
  })

  it('may be an empty list', () => {
    expect(read('{"apiVersion":"v1","kind":"List","items":[]}')).toEqual({ objects: [], diagnostics: [] })
  })

  it.each([
    ['that was cut', '{"apiVersion":"v1",\n"items":[{"api', 'bad-yaml', 2], ['without a name', '{"apiVersion":"v1","kind":"List","items":[\n{"apiVersion":"v1","kind":"Service","metadata":{}}]}', 'missing-name', 2],
    ['without any object', 'No resources found in default namespace.', 'missing-name', 1], ['with a label that is a number', '{"apiVersion":"v1","kind":"Service","metadata":{"name":"a",\n"labels":{"a":1}}}', 'wrong-type', 2],
  ])('%s is an error at its line', (_, text, code, line) => {
    const { objects, diagnostics } = read(text)
    expect(objects).toEqual([])
    expect(diagnostics[0]).toMatchObject({ code, severity: 'error', at: { file: 'live.json', line } })
  })

  it('of a Secret never comes into a report, whatever is wrong with the file', () => {
    const { diagnostics } = read(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [secret, { ...secret, metadata: { name: 5 } }] }))
    expect(diagnostics.length).toBeGreaterThan(0)
    expect(JSON.stringify(diagnostics)).not.toContain('aHVzaA')
    expect(isMap(diagnostics[0])).toBe(true)
  })
})
