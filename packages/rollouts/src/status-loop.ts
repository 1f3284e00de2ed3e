import { canonicalJson } from './fingerprint.ts'
import type { World } from './world.ts'
import type { Write } from './write.ts'

// What of a Rollout's status nobody but its controller looks at.
const INNER: ReadonlySet<string> = new Set(['conditions', 'observedGeneration', 'abortedAt', 'replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas', 'HPAReplicas', 'selector', 'currentStepHash', 'restartedAt'])

/** Whether a cycle is one of the Rollout's conditions alone: nothing else is written, and nothing else differs. */
export function isStatusLoop(writes: readonly Write[], worlds: readonly World[]): boolean {
  return writes.every((write) => write.subresource === 'status') && new Set(worlds.map(visible)).size === 1
}

function visible(world: World): string {
  return [...world.entries()].map(([key, object]) => {
    if (object.kind !== 'Rollout') return `${key}${canonicalJson(object)}`
    const status = Object.fromEntries(Object.entries((object['status'] ?? {}) as object).filter(([field]) => !INNER.has(field)))
    const { generation: _, ...metadata } = object.metadata
    return `${key}${canonicalJson({ spec: object['spec'], metadata, status })}`
  }).join('\n')
}
