import { connect, type Connection } from './api-server.ts'
import { type Cluster, runReplicaSets } from './cluster.ts'
import { ControllerFailure } from './controller-failure.ts'
import { fingerprint, isSameWorld } from './fingerprint.ts'
import type { Ingress } from './ingress.ts'
import { goneFrom, syncIngress } from './ingress-controller.ts'
import type { Quirk } from './quirk.ts'
import type { Rollout } from './rollout.ts'
import { isLeftBehind, syncService } from './service-controller.ts'
import type { Service } from './services.ts'
import { syncRollout } from './sync-rollout.ts'
import { objectsOf, type World } from './world.ts'
import type { SyncFailure, Write, Writer } from './write.ts'

/** What one or several syncs did. */
export interface Syncs {
  readonly writes: readonly Write[]
  readonly failures: readonly SyncFailure[]
  readonly notes: readonly Quirk[]
}

export const NOTHING: Syncs = { writes: [], failures: [], notes: [] }

export function joinSyncs(...all: readonly Syncs[]): Syncs {
  return { writes: all.flatMap(({ writes }) => writes), failures: all.flatMap(({ failures }) => failures), notes: all.flatMap(({ notes }) => notes) }
}

interface Ran { readonly cluster: Cluster; readonly syncs: Syncs }

// One sync of one controller, with the recovery of utils/controller around it, and the ReplicaSet controller after it.
function runSync(cluster: Cluster, by: Writer, on: string, sync: (connection: Connection) => void): Ran {
  const connection = connect(cluster, by)
  let failures: readonly SyncFailure[] = []
  let notes: readonly Quirk[] = []
  try {
    sync(connection)
  } catch (error) {
    if (!(error instanceof ControllerFailure)) throw error
    const where = error.in === undefined ? {} : { in: error.in }
    failures = [error.kind === 'panic' ? { by, on, panic: error.message, ...where } : { by, on, error: error.message }]
    if (error.kind === 'panic') notes = [{ id: 'recovered-panic', on: `${by === 'rollouts' ? 'Rollout' : by === 'ingress-controller' ? 'Ingress' : 'Service'} ${on}` }]
  }
  const patched = connection.writes.filter((write) => by === 'rollouts' && write.to.kind === 'Ingress').map((write) => write.to.name)
  const stale = [...new Set(patched.filter((name, i) => patched.indexOf(name) !== i))].map((name): Quirk => ({ id: 'stale-read', on: `Ingress ${name}` }))
  const after = connection.cluster()
  return { cluster: after === cluster ? cluster : runReplicaSets(after), syncs: { writes: connection.writes, failures, notes: [...connection.notes, ...notes, ...stale] } }
}

/** A round: every Rollout, then every Ingress (ingress controller), then every Service (service controller), each by name, each reading caches equal to the API server. */
export function runRound(start: Cluster): Ran {
  let cluster = start
  const all: Syncs[] = []
  const run = (by: Writer, on: string, sync: (connection: Connection) => void): void => {
    const ran = runSync(cluster, by, on, sync)
    cluster = ran.cluster
    if (ran.syncs.writes.length + ran.syncs.failures.length + ran.syncs.notes.length > 0) all.push(ran.syncs)
  }
  for (const rollout of objectsOf(cluster.world, 'Rollout')) {
    run('rollouts', rollout.metadata.name, (connection) => syncRollout(connection, rollout as Rollout))
  }
  for (const ingress of objectsOf(cluster.world, 'Ingress') as readonly Ingress[]) {
    if (goneFrom(cluster.world, ingress).length > 0) run('ingress-controller', ingress.metadata.name, (connection) => syncIngress(connection, ingress))
  }
  for (const service of objectsOf(cluster.world, 'Service') as readonly Service[]) {
    if (isLeftBehind(cluster.world, service)) run('service-controller', service.metadata.name, (connection) => syncService(connection, service))
  }
  return { cluster, syncs: joinSyncs(...all) }
}

const ROUND_LIMIT = 40

/** How an event settled: until two rounds in a row change nothing, a state comes back, or 40 rounds are over. */
export interface Settled {
  readonly cluster: Cluster
  readonly world: World
  readonly syncs: Syncs
  /** What one more round does. */
  readonly idle: Syncs
  readonly cycle?: { readonly syncs: Syncs; readonly worlds: readonly World[] }
  readonly settled: boolean
  /** The worlds after each round on the way, the last one not among them. */
  readonly passed: readonly World[]
}

export function settle(start: Cluster): Settled {
  let cluster = runReplicaSets(start)
  const clusters: Cluster[] = [cluster]
  const rounds: Syncs[] = []
  let quiet = 0
  while (rounds.length < ROUND_LIMIT) {
    const before = cluster
    const ran = runRound(cluster)
    cluster = ran.cluster
    const restless = ran.syncs.failures.some(({ error }) => error !== undefined && error.includes('0xADDRESS'))
    quiet = !restless && isSameWorld(before.world, cluster.world) ? quiet + 1 : 0
    // After a round that left everything as it was the next one would do the same: it is not run.
    if (quiet === 2 || (quiet === 1 && cluster.world === before.world && rounds.length + 2 <= ROUND_LIMIT)) {
      const loud = rounds.slice(0, rounds.length - (quiet - 1))
      return { cluster, world: cluster.world, syncs: joinSyncs(...loud), idle: ran.syncs, settled: true, passed: worldsOf(clusters).slice(0, loud.length) }
    }
    rounds.push(ran.syncs)
    clusters.push(cluster)
    // A state that comes back is looked for from time to time; what was run beyond it is forgotten.
    const cycle = restless || rounds.length % LOOK_BACK !== 0 ? undefined : firstReturn(clusters)
    if (cycle !== undefined) return settleCycle(clusters[cycle.until] as Cluster, rounds.slice(0, cycle.until), worldsOf(clusters.slice(0, cycle.until + 1)), cycle.from)
  }
  return { cluster, world: cluster.world, syncs: joinSyncs(...rounds), idle: NOTHING, settled: false, passed: worldsOf(clusters).slice(0, -1) }
}

const LOOK_BACK = 8

function worldsOf(clusters: readonly Cluster[]): readonly World[] {
  return clusters.map(({ world }) => world)
}

// The first state that was there before, quiet rounds aside.
function firstReturn(clusters: readonly Cluster[]): { readonly from: number; readonly until: number } | undefined {
  const seen = new Map<string, number>()
  let last: string | undefined
  for (const [i, { world }] of clusters.entries()) {
    const text = fingerprint(world)
    if (text === last) continue
    const from = seen.get(text)
    if (from !== undefined) return { from, until: i }
    seen.set(text, i)
    last = text
  }
  return undefined
}

// A turn is told from its barest state on, so that it does not hang on how many rounds led here.
function settleCycle(start: Cluster, rounds: readonly Syncs[], worlds: readonly World[], at: number): Settled {
  const turn = rounds.slice(at)
  const seen = worlds.slice(at + 1)
  const barest = seen.reduce((found, world, i) => (isBarer(world, seen[found] as World) ? i : found), 0)
  const from = (barest + 1) % turn.length
  let cluster = start
  for (let i = 0; i < from; i++) cluster = runRound(cluster).cluster
  const rotated = <T>(list: readonly T[]): readonly T[] => [...list.slice(from), ...list.slice(0, from)]
  const cycleWorlds = rotated(seen)
  return {
    cluster, world: cycleWorlds.at(-1) as World, idle: NOTHING, settled: true, passed: worlds.slice(0, at),
    syncs: joinSyncs(...rounds.slice(0, at), ...turn.slice(0, from)), cycle: { syncs: joinSyncs(...rotated(turn)), worlds: cycleWorlds },
  }
}

// Fewer paths in all Ingresses together, then fewer annotations.
function isBarer(a: World, b: World): boolean {
  const [pathsA, annotationsA] = countOf(a)
  const [pathsB, annotationsB] = countOf(b)
  return pathsA < pathsB || (pathsA === pathsB && annotationsA < annotationsB)
}

function countOf(world: World): readonly [paths: number, annotations: number] {
  const ingresses = objectsOf(world, 'Ingress') as readonly Ingress[]
  const paths = ingresses.flatMap((ingress) => ingress.spec.rules ?? []).reduce((count, rule) => count + (rule.http?.paths ?? []).length, 0)
  return [paths, ingresses.reduce((count, ingress) => count + Object.keys(ingress.metadata.annotations ?? {}).length, 0)]
}
