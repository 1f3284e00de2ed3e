import { type Anchor, isAnchored, routeKeys, routeParts } from '@rollsync/ignore'
import { toPointer, type Manifest } from '@rollsync/manifests'
import type { JudgedCanary } from '../judged-canary.ts'
import { routeFaults } from '../route-faults.ts'
import { defineRule, type Rule, type Spot } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'anchor-in-step',
    severity: 'error',
    recommended: true,
    summary: 'A managed route that Git holds is whole, in front, and equal to what its step writes',
    messages: {
      'half': 'Git holds {has} of managed route {route} but not {lacks}: {harm}',
      'behind': 'managed route {route} stands behind another one in Git: a sync puts it there, and no request reaches it',
      'unequal': "{part} of managed route {route} in Git is not what its step writes: a sync replaces the step's by Git's",
      'never-set': 'Git holds managed route {route}, which no step sets, or which the very next one takes away: a sync puts it in, and every reconcile takes it out',
      'no-anchor': 'Git holds managed route {route}, which has no single form: {why}',
    },
    hint: '`rollsync generate --anchor --write` writes all three parts as the controller would; `--no-anchor` takes them out',
    threads: ['argoproj/argo-rollouts#4486'],
  },
  check({ canaries, report }) {
    for (const canary of canaries) {
      for (const fault of routeFaults(canary)) report(fault.id, fault.spot, fault.data)
      for (const { object, manifest: source, anchors, alb } of canary.anchors()) {
        const manifest = { ...source, value: object } // judged as it is deployed, reported where it is edited
        const written = anchors.filter((one): one is Anchor => 'paths' in one)
        if (isAnchored(manifest, written, alb)) continue
        for (const route of alb.managedRoutes) {
          const anchor = anchors.find((one) => one.route === route)
          for (const fault of ingressFaults(manifest, route, anchor, alb.prefix, canary)) report(fault.id, fault.spot, { route, ...fault.data })
        }
      }
    }
  },
})

export default rule

type Id = 'half' | 'behind' | 'unequal' | 'never-set' | 'no-anchor'
interface Fault {
  readonly id: Id
  readonly spot: Spot
  readonly data: Readonly<Record<string, string>>
}

type Anchors = ReturnType<JudgedCanary['anchors']>[number]['anchors']

function ingressFaults(manifest: Manifest, route: string, anchor: Anchors[number] | undefined, prefix: string, canary: JudgedCanary): readonly Fault[] {
  const held = routeParts(manifest.value, route, prefix)
  const keys = routeKeys(route, prefix)
  const present = [held.paths.length > 0 && 'the path', held.action !== undefined && 'the action', held.condition !== undefined && 'the condition'].filter((part) => part !== false)
  const [path] = held.paths
  const at = (...tokens: readonly (string | number)[]): Spot => ({ manifest, pointer: toPointer(tokens), mark: 'key' })
  const spot = path !== undefined ? at('spec', 'rules', path.rule, 'http', 'paths', path.index) : at('metadata', 'annotations', held.action === undefined ? keys.condition : keys.action)
  if (present.length === 0) return []
  if (anchor === undefined) return canary.invalid ? [] : [{ id: 'never-set', spot, data: {} }]
  if (!('paths' in anchor)) return [{ id: 'no-anchor', spot, data: { why: anchor.why } }]
  if (present.length < 3) return [{ id: 'half', spot, data: halfData(held.paths.length > 0, held.action !== undefined, held.condition !== undefined, present) }]
  const wanted = new Map(anchor.annotations.map(({ key, value }) => [key, value]))
  const unequal: Fault[] = [
    ...(held.action === wanted.get(keys.action) ? [] : [{ id: 'unequal' as const, spot: at('metadata', 'annotations', keys.action), data: { part: 'the action' } }]),
    ...(held.condition === wanted.get(keys.condition) ? [] : [{ id: 'unequal' as const, spot: at('metadata', 'annotations', keys.condition), data: { part: 'the condition' } }]),
  ]
  if (unequal.length > 0) return unequal
  const samePaths = held.paths.length === anchor.paths.length
  return samePaths ? [{ id: 'behind', spot, data: {} }] : [{ id: 'unequal', spot, data: { part: 'the list of paths' } }]
}

function halfData(path: boolean, action: boolean, condition: boolean, present: readonly string[]): Readonly<Record<string, string>> {
  const lacks = ['the path', 'the action', 'the condition'].filter((part) => !present.includes(part)).join(' and ')
  const harm = !path ? 'a sync loses the path' : !action ? 'after a sync every request of the host gets a 503' : !condition ? 'after a sync every request of the host reaches the canary' : ''
  return { has: present.join(' and '), lacks, harm }
}
