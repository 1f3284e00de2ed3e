import { isMap, jsonEqual, type KubeObject } from '@rollsync/manifests'
import { type Event, objectsOf, rolloutsProfile, simulate, type State, type SyncFailure, type World, worldOf, type Write } from '@rollsync/rollouts'
import type { Outcome, VectorCase, VectorFile, VectorKind } from '../vector.ts'

interface WalkFile {
  readonly format: string
  readonly scenario: { readonly name: string; readonly group: string; readonly objects: readonly KubeObject[]; readonly events: readonly Event[] }
  readonly results: readonly { readonly versions: readonly string[]; readonly objects: Readonly<Record<string, unknown>>; readonly moments: readonly RecordedMoment[] }[]
}

interface RecordedMoment {
  readonly cycle?: { readonly writes: readonly Fields[]; readonly states: readonly RecordedState[] }
  readonly state: RecordedState
  readonly [field: string]: unknown
}

type RecordedState = Readonly<Record<string, unknown>>
type Fields = Readonly<Record<string, unknown>>

/** Walks of the Argo Rollouts controllers: one case per walk and version, every moment compared in full. */
export const rolloutsWalk: VectorKind = {
  kind: 'rollouts',
  recognise: ({ json }) => isMap(json) && json['format'] === 'argo-rollouts-walk/1',
  cases: walkCases,
}

function* walkCases({ json }: VectorFile): Iterable<VectorCase> {
  const file = json as WalkFile
  const { scenario } = file
  for (const result of file.results) {
    for (const version of result.versions) {
      yield { group: scenario.group, version, name: scenario.name, run: () => runWalk(file, version, result) }
    }
  }
}

function runWalk({ scenario }: WalkFile, version: string, recorded: WalkFile['results'][number]): Outcome {
  const { profile, recorded: isRecorded } = rolloutsProfile(version)
  if (!isRecorded) return { outcome: 'skipped', reason: `${version} is not among the recorded versions, so no profile is its own` }
  const { states } = simulate(worldOf(scenario.objects), { events: scenario.events, profile })
  const conditions = scenario.group === 'invalid' ? 'shown' : 'hidden'
  const ours = states.map((state) => observeState(state, conditions))
  const theirs = recorded.moments.map((moment) => expandMoment(moment, recorded.objects))
  const at = theirs.findIndex((moment, i) => !jsonEqual(moment, ours[i]))
  if (at < 0 && ours.length === theirs.length) return { outcome: 'passed' }
  return { outcome: 'failed', difference: describeDifference(at < 0 ? theirs.length : at, theirs, ours) }
}

function describeDifference(at: number, theirs: readonly unknown[], ours: readonly unknown[]): string {
  const where = `moment ${at} of ${theirs.length} (ours ${ours.length})`
  return [where, ...differences('', theirs[at], ours[at]).slice(0, 12)].join('\n')
}

// Each place where two values differ, as `pointer: recorded … ours …`.
function differences(pointer: string, theirs: unknown, ours: unknown): readonly string[] {
  if (jsonEqual(theirs, ours)) return []
  if (isMap(theirs) && isMap(ours)) {
    return [...new Set([...Object.keys(theirs), ...Object.keys(ours)])].flatMap((key) => differences(`${pointer}/${key}`, theirs[key], ours[key]))
  }
  if (Array.isArray(theirs) && Array.isArray(ours)) {
    return Array.from({ length: Math.max(theirs.length, ours.length) }, (_, i) => differences(`${pointer}/${i}`, theirs[i], ours[i])).flat()
  }
  return [`${pointer}: recorded ${JSON.stringify(theirs) ?? 'nothing'}\n    ours ${JSON.stringify(ours) ?? 'nothing'}`]
}

// What a recorded moment says, with the objects that its states only name.
function expandMoment(moment: RecordedMoment, objects: Fields): unknown {
  const { cycle, state, ...rest } = moment
  return {
    ...rest, writes: orderRuns(moment['writes'] as readonly Fields[]), state: expandState(state, objects),
    ...(cycle === undefined ? {} : { cycle: { writes: orderRuns(cycle.writes), states: cycle.states.map((one) => expandState(one, objects)) } }),
  }
}

function expandState(state: RecordedState, objects: Fields): unknown {
  return Object.fromEntries(Object.entries(state).map(([key, value]) => {
    if (key === 'replicaSets') return [key, (value as readonly string[]).map((name) => objects[name])]
    // The recorder lists them by their real names, whose hashes are renamed afterwards: that order says nothing.
    if (key === 'analysisRuns' || key === 'experiments') return [key, byName(value as readonly { readonly name: string }[])]
    return [key, Object.fromEntries(Object.entries(value as Fields).map(([name, ref]) => [name, objects[ref as string]]))]
  }))
}

function byName<T extends { readonly name: string }>(list: readonly T[]): readonly T[] {
  return [...list].sort((a, b) => (a.name < b.name ? -1 : 1))
}

// A State in the words of the recorder (fold.py).
function observeState(state: State, conditions: 'shown' | 'hidden'): unknown {
  const { event, clock, pods } = state.moment
  return {
    event, clock, pods, ...(state.refused === undefined ? {} : { refused: state.refused }), writes: observeWrites(state.writes),
    ...(state.errors.length === 0 ? {} : { errors: state.errors.map(observeFailure) }),
    ...(state.everySync === undefined ? {} : { everySync: observeWrites(state.everySync) }),
    ...(state.settled ? {} : { unsettled: true }),
    ...(state.cycle === undefined ? {} : { cycle: { writes: observeWrites(state.cycle.writes), states: state.cycle.worlds.map((world) => observeWorld(world, conditions)) } }),
    ...(state.statusLoop === undefined ? {} : { statusLoop: true }),
    state: observeWorld(state.world, conditions),
  }
}

function observeFailure({ by, on, error, panic, in: goFunction }: SyncFailure): unknown {
  return { by, on, ...(error === undefined ? {} : { error }), ...(panic === undefined ? {} : { panic }), ...(goFunction === undefined ? {} : { in: goFunction }) }
}

// Runs that are told to end one after the other come in the order of a Go map, which is another one each time.
function orderRuns(writes: readonly Fields[]): readonly Fields[] {
  const ordered = [...writes]
  const isRun = (write: Fields | undefined): boolean => write?.['kind'] === 'AnalysisRun' && write['verb'] !== 'create'
  for (let from = 0; from < ordered.length; from++) {
    if (!isRun(ordered[from])) continue
    let until = from
    while (isRun(ordered[until]) && ordered[until]?.['verb'] === ordered[from]?.['verb']) until++
    ordered.splice(from, until - from, ...ordered.slice(from, until).sort((a, b) => (String(a['name']) < String(b['name']) ? -1 : 1)))
    from = until - 1
  }
  return ordered
}

function observeWrites(writes: readonly Write[]): readonly unknown[] {
  return orderRuns(writes.filter((write) => write.subresource !== 'status').map(({ to, ...write }) => {
    const named = { by: write.by, verb: write.verb, kind: to.kind, name: to.name }
    if (to.kind === 'AnalysisRun' || to.kind === 'Experiment') return named
    const { patchType, patch, object, computed, replicas, noop, error } = write
    return withoutUndefined({ ...named, patchType, patch, object, computed, replicas, noop, error })
  }))
}

function withoutUndefined(map: Fields): Fields {
  return Object.fromEntries(Object.entries(map).filter(([, value]) => value !== undefined))
}

function observeWorld(world: World, conditions: 'shown' | 'hidden'): unknown {
  const named = (kind: string, observe: (object: KubeObject) => unknown): unknown => Object.fromEntries(objectsOf(world, kind).map((object) => [object.metadata.name, observe(object)]))
  const rollouts = named('Rollout', (object) => observeRollout(object, conditions))
  const runs = (kind: string): readonly unknown[] => byName(objectsOf(world, kind).map((run) => ({ name: run.metadata.name, phase: (run['status'] as Fields | undefined)?.['phase'] ?? '' })))
  return withoutUndefined({
    rollouts: objectsOf(world, 'Rollout').length === 0 ? undefined : rollouts,
    ingresses: named('Ingress', ({ metadata, ...object }) => withoutUndefined({ annotations: metadata.annotations, spec: object['spec'] })),
    services: named('Service', ({ metadata, ...object }) => withoutUndefined({ selector: (object['spec'] as Fields)['selector'] ?? null, annotations: metadata.annotations })),
    replicaSets: [...objectsOf(world, 'ReplicaSet')].sort((a, b) => hashNumber(a) - hashNumber(b)).map(observeReplicaSet),
    analysisRuns: runs('AnalysisRun').length === 0 ? undefined : runs('AnalysisRun'),
    experiments: runs('Experiment').length === 0 ? undefined : runs('Experiment'),
  })
}

function hashNumber(rs: KubeObject): number {
  return Number(/\d+$/.exec(rs.metadata.labels?.['rollouts-pod-template-hash'] ?? '')?.[0] ?? 0)
}

function imageIn(template: unknown): string {
  return (template as { readonly spec?: { readonly containers?: readonly { readonly image?: string }[] } } | undefined)?.spec?.containers?.[0]?.image ?? ''
}

function observeReplicaSet(rs: KubeObject): unknown {
  const spec = rs['spec'] as Fields
  const { labels, annotations } = rs.metadata
  return withoutUndefined({
    name: rs.metadata.name, rollout: (rs.metadata['ownerReferences'] as readonly { readonly name: string }[])[0]?.name, hash: labels?.['rollouts-pod-template-hash'],
    revision: Number(annotations?.['rollout.argoproj.io/revision'] ?? 0), image: imageIn(spec['template']), replicas: spec['replicas'],
    available: (rs['status'] as Fields | undefined)?.['availableReplicas'] ?? 0, scaleDownDeadline: annotations?.['scale-down-deadline'],
  })
}

const SHOWN = ['currentStepIndex', 'currentPodHash', 'stableRS', 'abort', 'promoteFull', 'controllerPause', 'phase', 'message'] as const

function observeRollout(object: KubeObject, conditions: 'shown' | 'hidden'): unknown {
  const spec = object['spec'] as Fields
  const status = (object['status'] ?? {}) as Fields
  const canary = pick((status['canary'] ?? {}) as Fields, ['weights', 'stablePingPong', 'currentExperiment'])
  const blueGreen = (status['blueGreen'] ?? {}) as Fields
  const pauses = (status['pauseConditions'] ?? []) as readonly { readonly reason: string }[]
  const shown = ((status['conditions'] ?? undefined) as readonly Fields[] | undefined)?.map((condition) => pick(condition, ['type', 'status', 'reason', 'message']))
  return withoutUndefined({
    image: imageIn(spec['template']), replicas: spec['replicas'] ?? null, generation: object.metadata['generation'], paused: spec['paused'], annotations: object.metadata.annotations,
    status: withoutUndefined({
      ...pick(status, SHOWN), pauseConditions: pauses.length === 0 ? undefined : pauses.map(({ reason }) => reason),
      canary: Object.keys(canary).length === 0 ? undefined : canary, blueGreen: Object.keys(blueGreen).length === 0 ? undefined : blueGreen,
      conditions: conditions === 'shown' ? shown : undefined,
    }),
  })
}

function pick(map: Fields, keys: readonly string[]): Fields {
  return Object.fromEntries(keys.filter((key) => map[key] !== undefined).map((key) => [key, map[key]]))
}
