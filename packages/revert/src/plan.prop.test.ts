import { applyEdits, invertEdits, type SourceText } from '@rollsync/manifests'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { stringify } from 'yaml'
import { formatImage, parseImage } from './image-reference.ts'
import { planRevert, textOfFile } from './plan.ts'

const part = fc.stringMatching(/^[a-z0-9]{1,6}$/)
const name = fc.tuple(fc.constantFrom('', 'r.io/', 'localhost:5000/', '[::1]:5000/', '123.dkr.ecr.eu-west-1.amazonaws.com/', 'docker.io/'), part, part).map(([host, a, b]) => `${host}${a}/${b}`)
const tag = fc.oneof(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,12}$/), fc.constantFrom('1.10', '012', '1e3', 'on', '20240101', 'latest', '0x10', 'null', '1_000'))
const digest = fc.option(fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`), { nil: undefined })
const looks = fc.record({ indent: fc.constantFrom(2, 4), indentSeq: fc.boolean(), quotes: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE'), flow: fc.constantFrom('block', 'any', 'flow'), crlf: fc.boolean(), bom: fc.boolean(), tail: fc.constantFrom('', '\n# end', '\n---\na: 1\n') })
const noise = fc.dictionary(fc.stringMatching(/^[a-z]{3,8}$/), fc.oneof(fc.integer(), fc.string({ maxLength: 10 }), fc.constantFrom(true, null, '1.10')), { maxKeys: 3 })

interface Case { readonly from: string; readonly to: string; readonly value: unknown; readonly file: string }

const cases: fc.Arbitrary<Case> = fc.tuple(name, tag, tag, digest, digest, noise, fc.constantFrom('pod', 'rollout', 'kustomize', 'values', 'image text', 'application', 'override')).map(([repository, old, fresh, oldDigest, freshDigest, extra, kind]) => {
  const from = formatImage({ name: repository, tag: old, digest: oldDigest })
  const to = formatImage({ name: repository, tag: fresh, digest: freshDigest })
  const containers = [{ name: 'side', image: 'side:1', ...extra }, { name: 'app', env: [extra], image: from }]
  switch (kind) {
    case 'pod': return { from, to, file: 'k8s/pod.yaml', value: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { ...extra, containers } } }
    case 'rollout': return { from, to, file: 'k8s/rollout.yaml', value: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'p' }, spec: { template: { spec: { containers } } } } }
    case 'kustomize': return { from, to, file: 'kustomization.yaml', value: { ...extra, images: [{ name: 'other', newTag: old }, { name: repository, newTag: old, ...(oldDigest === undefined ? {} : { digest: oldDigest }) }] } }
    case 'values': return { from, to: formatImage({ name: repository, tag: fresh, digest: oldDigest === undefined ? undefined : freshDigest }), file: 'values.yaml', value: { web: { ...extra, image: { repository, tag: old, ...(oldDigest === undefined ? {} : { digest: oldDigest }) } } } }
    case 'image text': return { from, to, file: 'values.yaml', value: { ...extra, web: [{ image: from }] } }
    case 'application': return { from, to, file: 'app.yaml', value: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name: 'p' }, spec: { source: { ...extra, kustomize: { images: [from] } } } } }
    default: return { from, to, file: 'x/.argocd-source-web.yaml', value: { kustomize: { images: ['other:1', `app=${from}`] } } }
  }
})

it('plans an edit that restores the image, is undone byte for byte, and leaves nothing to plan', () => {
  let edited = 0
  fc.assert(fc.property(cases, looks, ({ from, to, value, file }, look) => {
    fc.pre(from !== to && !(parseImage(from).digest !== undefined && parseImage(from).digest === parseImage(to).digest))
    const body = stringify(value, { indent: look.indent, indentSeq: look.indentSeq, defaultStringType: look.quotes, defaultKeyType: 'PLAIN', collectionStyle: look.flow, lineWidth: 0, version: '1.1', blockQuote: false, doubleQuotedMinMultiLineLength: 1e9 })
    const text = (look.bom ? '\ufeff' : '') + (body.trimEnd() + look.tail).replaceAll('\n', look.crlf ? '\r\n' : '\n')
    const files: readonly SourceText[] = [{ file, bytes: new TextEncoder().encode(text) }]
    const plan = planRevert({ files, from, to })
    expect(plan.state).toBe('planned')
    const after = applyEdits(text, plan.edits)
    expect(applyEdits(after, invertEdits(text, plan.edits))).toBe(text)
    expect(planRevert({ files: [{ file, text: after }], from, to })).toMatchObject({ state: 'already there', edits: [] })
    expect(textOfFile(files[0] as SourceText)).toBe(text)
    edited++
  }), { numRuns: Number(process.env['RUNS'] ?? 400) })
  expect(edited).toBeGreaterThan(200)
})
