import { isMap, type KubeObject } from '@rollsync/manifests'
import type { Pair } from '../canary-case.ts'
import type { IgnoreRule } from '../ignore-rule.ts'
import type { ObjectKind } from './object-kind.ts'

const hash = 'rollouts-pod-template-hash'

export const service: ObjectKind = {
  holds: ({ group, kind }) => group === '' && kind === 'Service',
  derive: (pairs, { mode }) => deriveService(pairs, mode),
  owned: () => [['spec', 'selector', hash]],
}

/**
 * The selector hash that the controller puts into a Service. A three-way diff does not see it; under server-side apply the selector is one atomic map, and then it is a difference.
 */
function deriveService(pairs: readonly Pair[], mode: 'legacy' | 'smd' | 'ssd'): readonly IgnoreRule[] {
  const drifting = pairs.filter((pair) => hashOf(pair.live) !== hashOf(pair.target))
  const first = drifting[0]
  if (first === undefined) return []
  if (mode === 'legacy' && pairs.every((pair) => hashOf(pair.target) === undefined)) return []
  return [{
    resource: first.resource,
    by: 'pointer',
    pointer: `/spec/selector/${hash}`,
    because: 'the controller points the selector at a ReplicaSet',
    moments: drifting.flatMap((pair) => pair.moments),
  }]
}

function hashOf(service: KubeObject): unknown {
  const selector = isMap(service['spec']) ? service['spec']['selector'] : undefined
  return isMap(selector) ? selector[hash] : undefined
}
