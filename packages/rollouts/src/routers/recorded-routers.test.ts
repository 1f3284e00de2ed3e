import { readFileSync } from 'node:fs'
import { isMap, type KubeObject, refKey, refOf } from '@rollsync/manifests'
import { describe, expect, it } from 'vitest'
import { connect, type Connection } from '../api-server.ts'
import { type Cluster, emptyCluster } from '../cluster.ts'
import { ControllerFailure } from '../controller-failure.ts'
import { rolloutsProfile } from '../profile.ts'
import type { ReplicaSet } from '../replica-set.ts'
import type { SetHeaderRoute, SetMirrorRoute, WeightDestination } from '../rollout.ts'
import { admitRollout } from '../rollout-shape.ts'
import { worldOf } from '../world.ts'
import { routersOf } from './index.ts'
import type { Router, RouterContext } from './router.ts'

interface Call {
  readonly call: string
  readonly weight?: number
  readonly additional?: readonly WeightDestination[]
  readonly canaryHash?: string
  readonly stableHash?: string
  readonly setHeaderRoute?: SetHeaderRoute
  readonly setMirrorRoute?: SetMirrorRoute
}
interface RecordedWrite { readonly verb: string; readonly resource: string; readonly name: string; readonly patchType?: string; readonly patch?: string; readonly object?: KubeObject }
interface CallResult { readonly writes: readonly RecordedWrite[]; readonly error?: string; readonly panic?: string; readonly in?: string }
interface Case {
  readonly name: string
  readonly router: string
  readonly rollout: KubeObject
  readonly objects: readonly KubeObject[]
  readonly calls: readonly Call[]
  readonly answers: readonly { readonly versions: readonly string[]; readonly calls: readonly CallResult[] }[]
}

// The published reconcilers (and the Gateway API plugin v0.15.0, with the controller's words before its errors) on fake clients, call by call. `refresh` makes the informer
// caches equal to the API server, as between two syncs.
const cases = ['recorded-routers.json', 'gateway-api/recorded-gateway-api.json'].flatMap((file) => JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as readonly Case[])

function perform(router: Router, context: RouterContext, call: Call): void {
  const additional = call.additional ?? []
  switch (call.call) {
    case 'setWeight': return router.setWeight(context, call.weight ?? 0, additional)
    case 'updateHash': return router.updateHash(context, call.canaryHash ?? '', call.stableHash ?? '', additional)
    case 'setHeaderRoute': return router.setHeaderRoute(context, typed(call.setHeaderRoute ?? {}))
    case 'setMirrorRoute': return router.setMirrorRoute(context, call.setMirrorRoute as SetMirrorRoute)
    case 'removeManagedRoutes': return router.removeManagedRoutes(context)
    default: expect(router.verifyWeight(context, call.weight ?? 0, additional)).toBeUndefined()
  }
}

/** As the typed client reads it: an absent value is null. */
function typed(route: SetHeaderRoute): SetHeaderRoute {
  return route.match === undefined ? route : { ...route, match: route.match.map(({ headerName, headerValue }) => ({ headerName, headerValue: headerValue ?? null })) }
}

/** One call's writes, and the objects as the API server holds them after it, without what it adds itself. */
function answerOf(connection: Connection, before: number, failure: unknown): unknown {
  const writes = connection.writes.slice(before).map(({ verb, to, patchType, patch }) => ({
    verb, name: to.name, ...(verb === 'patch' ? { patchType, patch } : {}),
    // An object that is gone by the end of the call cannot be looked at any more (Ambassador: weight 0, then deleted).
    ...(verb !== 'create' && verb !== 'update' ? {} : connection.cluster().world.has(refKey(to)) ? { object: bare(connection.cluster().world.get(refKey(to))) } : { gone: true }),
  }))
  if (!(failure instanceof ControllerFailure)) return { writes }
  return failure.kind === 'panic' ? { writes, panic: failure.message, in: failure.in } : { writes, error: failure.message }
}

function recordedAnswer({ writes: all, error, panic, in: goFunction }: CallResult): unknown {
  const writes = all.map((write) => (write.verb !== 'delete' && all.some(({ verb, name }) => verb === 'delete' && name === write.name) ? { ...write, gone: true } : write))
  return {
    writes: writes.map(({ verb, name, patchType, patch, object, ...rest }) => ({
      verb, name, ...(verb === 'patch' ? { patchType, patch } : {}), ...('gone' in rest ? { gone: true } : object === undefined ? {} : { object: bare(object) }),
    })),
    ...(panic === undefined ? {} : { panic, in: goFunction }), ...(error === undefined ? {} : { error }),
  }
}

function bare(object: KubeObject | undefined): unknown {
  if (object === undefined) return undefined
  const { metadata, spec } = object
  const { name, labels = {}, annotations = {}, ownerReferences = [] } = metadata
  return JSON.parse(JSON.stringify({ name, labels, annotations, ownerReferences, spec: isMap(spec) ? spec : {} }))
}

describe('what the published routers write, call by call', () => {
  for (const { name, router: wanted, rollout, objects, calls, answers } of cases) {
    for (const answer of answers) {
      it.each(answer.versions)(`${wanted}: ${name}, %s`, (version) => {
        const { profile } = rolloutsProfile(version)
        const admitted = admitRollout(rollout, profile)
        const [router] = routersOf(admitted)
        let cluster: Cluster = { ...emptyCluster(profile, 0), world: worldOf(objects.filter(({ kind }) => kind !== 'ReplicaSet')) }
        let connection = connect(cluster, 'rollouts')
        const replicaSets = objects.filter(({ kind }) => kind === 'ReplicaSet') as readonly unknown[] as readonly ReplicaSet[]
        expect(new Set(objects.map((object) => refKey(refOf(object)))).size).toBe(objects.length)
        const ours = calls.map((call) => {
          if (call.call === 'refresh') {
            cluster = connection.cluster()
            connection = connect(cluster, 'rollouts')
            return { writes: [] }
          }
          const before = connection.writes.length
          let failure: unknown
          try {
            perform(router as Router, { rollout: admitted, replicaSets, client: connection }, call)
          } catch (error) {
            failure = error
            if (!(error instanceof ControllerFailure)) throw error
          }
          return answerOf(connection, before, failure)
        })
        expect(ours).toEqual(answer.calls.map(recordedAnswer))
      })
    }
  }
})
