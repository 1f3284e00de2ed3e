import type { CompareMode } from '@rollsync/argocd'
import { type KubeObject, refKey } from '@rollsync/manifests'
import { type CanaryCase, type Pair, pairsOf } from './canary-case.ts'
import { kindOf } from './derive/index.ts'
import type { IgnoreRule } from './ignore-rule.ts'
import type { AlbSettings } from './routes.ts'

/** The smallest rules that take out of the comparison what the Rollouts controller owns, and nothing else. None for what no compare would see. What no rule can express stays drift, and `covering` names it. */
export function derive(canary: CanaryCase, settings: { readonly alb: AlbSettings | undefined; readonly mode: CompareMode }): readonly IgnoreRule[] {
  const rollout = rolloutInGit(canary)
  if (rollout === undefined) return []
  const byResource = new Map<string, Pair[]>()
  for (const pair of pairsOf(canary)) byResource.set(refKey(pair.resource), [...(byResource.get(refKey(pair.resource)) ?? []), pair])
  return [...byResource.values()].flatMap((pairs) => {
    const [first] = pairs
    return first === undefined ? [] : (kindOf(first.resource)?.derive(pairs, { rollout, ...settings }) ?? [])
  })
}

/** The Rollout as Git holds it, whichever Application deploys it. */
export function rolloutInGit({ states, rollout }: CanaryCase): KubeObject | undefined {
  const key = refKey(rollout)
  return states.find((state) => state.git.has(key))?.git.get(key) ?? states.find((state) => state.live.has(key))?.live.get(key)
}
