import type { Client } from '../client.ts'
import type { Rollout, SetHeaderRoute, SetMirrorRoute, WeightDestination } from '../rollout.ts'
import type { ReplicaSet } from '../replica-set.ts'

/** What a router works with in one sync: the Rollout as it was when the sync began, all its ReplicaSets, and the API server. */
export interface RouterContext {
  readonly rollout: Rollout
  readonly replicaSets: readonly ReplicaSet[]
  readonly client: Client
}

/**
 * One traffic router. The methods carry the names of Go's TrafficRoutingReconciler (rollout/trafficrouting/trafficroutingutil.go), so that a reader can hold the Go file beside
 * ours. They write through `context.client`; a Go error is `fail(...)`, a Go panic `panic(...)`.
 */
export interface Router {
  /** As Go's Type(): `ALB`, `Nginx`, `Istio` ... */
  readonly type: string
  /** Whether the Rollout configures it. */
  readonly isConfigured: (rollout: Rollout) => boolean
  readonly updateHash: (context: RouterContext, canaryHash: string, stableHash: string, additional: readonly WeightDestination[]) => void
  readonly setWeight: (context: RouterContext, desiredWeight: number, additional: readonly WeightDestination[]) => void
  readonly setHeaderRoute: (context: RouterContext, route: SetHeaderRoute) => void
  readonly setMirrorRoute: (context: RouterContext, route: SetMirrorRoute) => void
  /** undefined: not applicable, as Go's nil. */
  readonly verifyWeight: (context: RouterContext, desiredWeight: number, additional: readonly WeightDestination[]) => boolean | undefined
  readonly removeManagedRoutes: (context: RouterContext) => void
}
