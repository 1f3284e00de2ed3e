import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { argocdProfile, type ArgocdProfile, argocdVersions, type IgnoreDifference, jqEngine } from '@rollsync/argocd'
import { isMap, type KubeObject, parse, refOf } from '@rollsync/manifests'
import { rolloutsProfile, type RolloutsProfile, rolloutsVersions } from '@rollsync/rollouts'
import { expect, it } from 'vitest'
import { argocdJudge } from '../argocd-judge.ts'
import { type CanaryCase, pairsOf } from '../canary-case.ts'
import { derive } from '../derive.ts'
import { exploreCanary } from '../explore-canary.ts'
import { toIgnoreDifferences } from '../ignore-rule.ts'
import { covering } from '../laws/covering.ts'
import { symmetric } from '../laws/symmetric.ts'
import { syncSafe } from '../laws/sync-safe.ts'
import { tight } from '../laws/tight.ts'
import { ownedFields } from '../owned-fields.ts'
import { albSettings, type AlbSettings } from '../routes.ts'
import type { Verdict } from '../verdict.ts'
import { syncWords } from './sync-words.ts'

const page = new URL('../../../../docs/verdicts.md', import.meta.url)
const begin = '<!-- generated -->\n'
const end = '<!-- end -->\n'
const base = new URL('../../../policy/src/rules/base/', import.meta.url)
const anchored = parse(readdirSync(base).map((file) => ({ file, text: readFileSync(new URL(file, base), 'utf8') }))).manifests.map((one) => one.value)
const rollout = anchored.find((one) => one.kind === 'Rollout') as KubeObject
const alb = albSettings(rollout) as AlbSettings
const route = alb.managedRoutes[0] ?? ''

/** The Ingress as a team has it that knows nothing of anchors. */
function withoutRoute(ingress: KubeObject): KubeObject {
  const annotations = Object.fromEntries(Object.entries(ingress.metadata.annotations ?? {}).filter(([key]) => !key.endsWith(route)))
  const drop = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.filter((item) => !JSON.stringify(item).startsWith('{"path"') || !JSON.stringify(item).includes(`"${route}"`)).map(drop)
    return isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, drop(inner)])) : value
  }
  return { ...ingress, metadata: { ...ingress.metadata, annotations }, spec: drop(ingress['spec']) }
}

const profile = rolloutsProfile(rolloutsVersions[0] ?? '').profile as RolloutsProfile

function canaryOf(ingress: (one: KubeObject) => KubeObject): CanaryCase {
  const around = anchored.filter((one) => ['Service', 'Ingress'].includes(one.kind)).map((one) => (one.kind === 'Ingress' ? ingress(one) : one))
  const { states } = exploreCanary(rollout, around, profile)
  return { rollout: refOf(rollout), resources: around.filter((one) => one.kind === 'Ingress').map(refOf), states }
}

const plain = canaryOf(withoutRoute)
const held = canaryOf((one) => one)
const ingress = { group: 'networking.k8s.io', kind: 'Ingress' }
const seed = '.spec.rules[]?.http.paths[]?|select (.backend.service.name=="canary-header-route-new")'
const rulesFor = (canary: CanaryCase): readonly IgnoreDifference[] => toIgnoreDifferences(derive(canary, { alb, mode: 'legacy' }))

const variants: readonly { readonly name: string; readonly canary: CanaryCase; readonly rules: readonly IgnoreDifference[] }[] = [
  { name: 'no rule', canary: plain, rules: [] },
  { name: 'the rule as a team folded it', canary: plain, rules: [{ ...ingress, jqPathExpressions: [seed.replace('.backend.service', '.backend. service')] }] },
  { name: 'the same, joined', canary: plain, rules: [{ ...ingress, jqPathExpressions: [seed] }] },
  { name: '`/spec/rules`', canary: plain, rules: [{ ...ingress, jsonPointers: ['/spec/rules'] }] },
  { name: '`managedFieldsManagers: [rollouts-controller]`', canary: plain, rules: [{ ...ingress, managedFieldsManagers: ['rollouts-controller'] }] },
  { name: 'the generated rule', canary: plain, rules: rulesFor(plain) },
  { name: 'the anchor and its rules', canary: held, rules: rulesFor(held) },
]
const options: readonly (readonly string[])[] = [[], ['ApplyOutOfSyncOnly=true'], ['RespectIgnoreDifferences=true']]

async function cells(variant: (typeof variants)[number], version: string): Promise<readonly string[]> {
  const argocd = argocdProfile(version)?.profile as ArgocdProfile
  const jq = jqEngine({ gojq: argocd.gojq })
  const judge = (syncOptions: readonly string[]) => argocdJudge({ application: 'web', profile: argocd, mode: 'legacy', rules: variant.rules, syncOptions, jq })
  const pairs = pairsOf(variant.canary)
  const compared = await covering(pairs, judge([]))
  const words = compared.verdict === 'holds' ? 'Synced' : compared.counterExamples.some((one) => one.verdict === 'unknown') ? 'Unknown' : compared.verdict === 'broken' ? 'OutOfSync' : 'unverified'
  if (words === 'Unknown') return [words, '', '', ...options.map(() => 'nothing is synced')]
  const laws: Verdict[] = [await tight(pairs, judge([]), ownedFields(variant.canary)), await symmetric(pairs, judge([]))]
  const syncs: string[] = []
  for (const one of options) syncs.push(syncWords(await syncSafe(pairs, judge(one), alb)))
  return [words, ...laws.map((law) => (variant.rules.length === 0 ? '' : law.verdict === 'holds' ? 'yes' : law.verdict === 'broken' ? 'no' : 'unverified')), ...syncs]
}

/** One row for each rule, and for each group of versions that answer alike. */
async function table(): Promise<string> {
  const rows: string[] = []
  for (const variant of variants) {
    const groups = new Map<string, string[]>()
    for (const version of argocdVersions) {
      const key = (await cells(variant, version)).join(' | ')
      groups.set(key, [...(groups.get(key) ?? []), version])
    }
    for (const [key, versions] of groups) rows.push(`| ${variant.name} | ${versions.length === argocdVersions.length ? 'all' : versions.join(', ')} | ${key} |`)
  }
  const head = ['the rule', 'Argo CD', 'compares', 'tight', 'symmetric', 'a full sync', 'with ApplyOutOfSyncOnly', 'with RespectIgnoreDifferences']
  return [`| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`, ...rows].join('\n') + '\n'
}

it('docs/verdicts.md holds the verdicts of today (UPDATE_DOCS=1 writes them)', async () => {
  const text = readFileSync(page, 'utf8')
  const [start, stop] = [text.indexOf(begin) + begin.length, text.indexOf(end)]
  const now = `${text.slice(0, start)}${await table()}${text.slice(stop)}`
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(page, now)
  expect(readFileSync(page, 'utf8')).toBe(now)
}, 120_000)
