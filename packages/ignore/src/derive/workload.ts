import { valueAt } from '@rollsync/manifests'
import type { Pair } from '../canary-case.ts'
import type { ObjectKind } from './object-kind.ts'

const scaled = new Set(['Deployment', 'Rollout'])

/**
 * spec.replicas: of a Deployment that the Rollout takes its template from, the controller counts it down (workloadRef.scaleDown); of the Rollout itself, an autoscaler's, which no state of a
 * canary shows and for which no rule is made.
 */
export const workload: ObjectKind = {
  holds: ({ kind }) => scaled.has(kind),
  owned: () => [['spec', 'replicas']],
  derive: (pairs) => {
    const drifting = pairs.filter((pair) => replicasOf(pair) === 'changed')
    const [first] = drifting
    if (first === undefined || first.resource.kind !== 'Deployment') return []
    return [{
      resource: first.resource, by: 'pointer', pointer: '/spec/replicas', because: 'the controller counts the Deployment of workloadRef down', moments: drifting.flatMap((pair) => pair.moments),
    }]
  },
}

function replicasOf({ target, live }: Pair): 'same' | 'changed' {
  const wanted = valueAt(target, '/spec/replicas')
  return wanted === undefined || wanted === valueAt(live, '/spec/replicas') ? 'same' : 'changed'
}
