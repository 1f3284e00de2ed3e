import { act } from './act.ts'
import { rfc3339, secondsOf } from './clock.ts'
import { availableOf } from './replica-set.ts'
import { type Cluster, emptyCluster, replicaSetsOf, runKubelet, runReplicaSets, waitingReplicaSets } from './cluster.ts'
import type { Event } from './event.ts'
import { deploy } from './git.ts'
import { isSameWorld } from './fingerprint.ts'
import type { Moment } from './moment.ts'
import { notesOf } from './notes.ts'
import { wakes } from './noticed.ts'
import { placeOf } from './place.ts'
import type { RolloutsProfile } from './profile.ts'
import type { Outcome } from './put.ts'
import { joinSyncs, NOTHING, runRound, type Settled, settle, type Syncs } from './rounds.ts'
import type { State, Timeline } from './state.ts'
import { isStatusLoop } from './status-loop.ts'
import { objectsOf, type World } from './world.ts'
import type { SyncFailure } from './write.ts'

/** When the deploy happens: every later event is a second after the one before, `wait` aside. */
export const DEPLOYED_AT = '2026-01-01T00:00:00Z'

export interface SimulateOptions {
  readonly events: readonly Event[]
  readonly profile: RolloutsProfile
  /** When the controller looks at its Rollouts: after every change (default; its resync sees to that within 15 minutes), or at once and only where its informers tell it. */
  readonly wake?: 'every-change' | 'informers'
}

/**
 * What the controllers do from the deploy of `world` (Git's objects) on, event by event. A moment with pods `starting` is followed by another one of the same event in which they
 * are available. Never throws for what the controllers run into; throws a RolloutsError where an object does not fit its type.
 */
export function simulate(world: World, options: SimulateOptions): Timeline {
  const { events, profile, wake = 'every-change' } = options
  const states: State[] = []
  let cluster = emptyCluster(profile, secondsOf(DEPLOYED_AT))
  const deployed = deploy(cluster, [...world.values()])
  cluster = observe(states, 'cluster' in deployed ? deployed.cluster : cluster, 0, refusalOf(deployed), undefined)
  for (const [i, event] of events.entries()) {
    const { cluster: after, refused, early } = runEvent(cluster, event)
    if (wake === 'informers' && refused === undefined && !(wakes(after.world, event) && isAnythingNew(cluster, after, event))) {
      cluster = after
      states.push(stateOf({ cluster, world: cluster.world, syncs: NOTHING, idle: NOTHING, settled: true, passed: [] }, momentOf(cluster, i + 1, podsOf(cluster)), {}))
    } else cluster = observe(states, after, i + 1, refused, early)
  }
  return { profile, states }
}

/** An event that changes no object tells nobody of it; time is another matter. */
function isAnythingNew(before: Cluster, after: Cluster, event: Event): boolean {
  if (event.do === 'wait' || event.do === 'sync') return true
  const pods = runReplicaSets(after)
  return !isSameWorld(before.world, pods.world) || waitingReplicaSets(pods).length > 0
}

function podsOf(cluster: Cluster): Moment['pods'] {
  return replicaSetsOf(cluster.world).some((rs) => availableOf(rs) < rs.spec.replicas) ? 'unavailable' : 'ready'
}

function refusalOf(outcome: Outcome): string | undefined {
  return 'refused' in outcome ? outcome.refused : undefined
}

/** One event on a cluster, before it settles. An interrupt runs its rounds in here. */
export function runEvent(start: Cluster, event: Event): { readonly cluster: Cluster; readonly refused: string | undefined; readonly early: Syncs | undefined } {
  const ticked = event.do === 'wait' ? start : { ...start, clock: start.clock + 1 }
  if (event.do !== 'interrupt') {
    const outcome = act(ticked, event)
    return { cluster: 'cluster' in outcome ? outcome.cluster : ticked, refused: refusalOf(outcome), early: undefined }
  }
  const first = applyPlain(ticked, event.first)
  let cluster = runReplicaSets(first.cluster)
  const all: Syncs[] = []
  for (let i = 0; i < event.rounds; i++) {
    const ran = runRound(cluster)
    cluster = ran.cluster
    all.push(ran.syncs)
  }
  const then = applyPlain(cluster, event.then)
  return { cluster: then.cluster, refused: then.refused ?? first.refused, early: joinSyncs(...all) }
}

function applyPlain(cluster: Cluster, event: Event): { readonly cluster: Cluster; readonly refused: string | undefined } {
  if (event.do === 'interrupt') return { cluster, refused: 'an interrupt inside an interrupt' }
  const outcome = act(cluster, event)
  return { cluster: 'cluster' in outcome ? outcome.cluster : cluster, refused: refusalOf(outcome) }
}

const PHASE_LIMIT = 30

// The moments of one event, appended to the states.
function observe(states: State[], start: Cluster, event: number, refused: string | undefined, early: Syncs | undefined): Cluster {
  const moments = momentsOf(start, event, { refused, early })
  states.push(...moments.states.map(({ state }) => state))
  return moments.cluster
}

/** The moments of one event: it settles, waiting pods become available, it settles again, until none waits. `passed` are the worlds that each moment went through. */
export function momentsOf(start: Cluster, event: number, extra: { readonly refused?: string | undefined; readonly early?: Syncs | undefined }): Moments {
  const states: { readonly state: State; readonly passed: readonly World[] }[] = []
  let cluster = start
  for (let phase = 0; ; phase++) {
    const result = settle(cluster)
    cluster = result.cluster
    const waits = waitingReplicaSets(cluster).length > 0
    const pods = waits ? 'starting' : podsOf(cluster)
    const isCut = waits && phase > PHASE_LIMIT
    const state = stateOf(result, momentOf(cluster, event, pods), { ...(phase === 0 ? extra : {}), isCut })
    states.push({ state, passed: [...result.passed, ...(result.cycle?.worlds ?? [])] })
    if (!waits || isCut) return { states, cluster }
    cluster = runKubelet(cluster)
  }
}

/** What one event led to, and the cluster after it. */
export interface Moments {
  readonly states: readonly { readonly state: State; readonly passed: readonly World[] }[]
  readonly cluster: Cluster
}

function momentOf(cluster: Cluster, event: number, pods: Moment['pods']): Moment {
  return { event, clock: rfc3339(cluster.clock), pods, ...placeOf(objectsOf(cluster.world, 'Rollout')[0]) }
}

/** One settled moment as a State. */
export function stateOf(result: Settled, moment: Moment, extra: { readonly refused?: string | undefined; readonly early?: Syncs | undefined; readonly isCut?: boolean }): State {
  const syncs = extra.early === undefined ? result.syncs : joinSyncs(extra.early, result.syncs)
  const statusLoop = result.cycle !== undefined && isStatusLoop(result.cycle.syncs.writes, result.cycle.worlds)
  const everySync = result.idle.writes.filter((write) => write.subresource !== 'status')
  const state: Omit<State, 'notes'> = {
    moment, world: result.world, writes: syncs.writes, settled: result.settled && extra.isCut !== true,
    errors: distinct([...syncs.failures, ...result.idle.failures, ...(result.cycle?.syncs.failures ?? [])]),
    ...(extra.refused === undefined ? {} : { refused: extra.refused }),
    ...(everySync.length === 0 ? {} : { everySync }),
    ...(result.cycle === undefined || statusLoop ? {} : { cycle: { writes: result.cycle.syncs.writes, worlds: result.cycle.worlds } }),
    ...(statusLoop ? { statusLoop: true as const } : {}),
  }
  return { ...state, notes: notesOf(state, [...syncs.notes, ...result.idle.notes, ...(result.cycle?.syncs.notes ?? [])]) }
}

function distinct(failures: readonly SyncFailure[]): readonly SyncFailure[] {
  return [...new Map(failures.map((failure) => [JSON.stringify(failure), failure])).values()]
}
