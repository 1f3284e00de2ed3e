// From what the recorder wrote down, sync by sync, to what a walk file keeps: hashes renamed, equal objects once, what is observable of a moment.

/** Walks that a version's own Go would have written otherwise; they are not recorded for it. */
const notRecorded = new Map([
  // encoding/json of Go 1.20 and 1.21, which built these releases, prints \b and \f as \u0008 and \u000c; the recorder is built with a newer Go.
  ['header/control-characters', ['v1.7.2', 'v1.6.6']],
])

/** Rollout status fields that say nothing about the walk, or are kept elsewhere. */
const hidden = ['conditions', 'observedGeneration', 'abortedAt', 'replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas']

const isRecorded = (name, version) => !(notRecorded.get(name) ?? []).includes(version)

const pick = (object, keys) => Object.fromEntries(keys.filter(key => key in object).map(key => [key, object[key]]))
const present = (object, keys) => Object.fromEntries(keys.filter(key => object[key]).map(key => [key, object[key]]))
const equal = (left, right) => JSON.stringify(left) === JSON.stringify(right)
const mapValues = (object, change) => Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]))

/** The moments with `hash-1`, `hash-2`, … for pod template hashes and one word for every Go pointer. */
const renameHashes = ({ moments, hashes }) => {
  let renamed = JSON.stringify(moments).replaceAll(/0x[0-9a-f]{8,}/g, '0xADDRESS')
  for (const [index, hash] of (hashes ?? []).entries()) {
    renamed = renamed.replaceAll(new RegExp(`(?<![0-9a-zA-Z])${hash}(?![0-9a-zA-Z])`, 'g'), `hash-${index + 1}`)
  }
  return JSON.parse(renamed)
}

/** Names equal objects alike: `i1`, `r2`, … in the order of first appearance. */
const createTable = () => {
  const keys = new Map()
  const objects = {}
  const counts = new Map()
  const refer = (letter, object) => {
    const text = JSON.stringify(object)
    if (!keys.has(text)) {
      counts.set(letter, (counts.get(letter) ?? 0) + 1)
      keys.set(text, `${letter}${counts.get(letter)}`)
      objects[keys.get(text)] = object
    }
    return keys.get(text)
  }
  return { objects, refer }
}

const observeRollout = ({ status, ...rest }, withConditions) => {
  const kept = Object.fromEntries(Object.entries(status).filter(([key]) => !hidden.includes(key)))
  if (withConditions && 'conditions' in status) {
    kept.conditions = status.conditions.map(condition => pick(condition, ['type', 'status', 'reason', 'message']))
  }
  if ('pauseConditions' in kept) kept.pauseConditions = kept.pauseConditions.map(({ reason }) => reason)
  return { ...rest, status: kept }
}

const observeState = (state, withConditions, { refer }) => {
  const out = {}
  const rollouts = mapValues(state.rollouts, rollout => refer('r', observeRollout(rollout, withConditions)))
  if (Object.keys(rollouts).length > 0) out.rollouts = rollouts
  out.ingresses = mapValues(state.ingresses, object => refer('i', object))
  out.services = mapValues(state.services, object => refer('s', object))
  out.replicaSets = (state.replicaSets ?? []).map(object => refer('p', object))
  return { ...out, ...present(state, ['analysisRuns', 'experiments']) }
}

const isStatusWrite = write => {
  if (write.kind !== 'Rollout') return false
  return write.subresource === 'status' || (write.verb === 'patch' && equal(Object.keys(JSON.parse(write.patch)), ['status']))
}

/** All writes but those of a Rollout's status. */
const listWrites = syncs =>
  (syncs ?? [])
    .flatMap(sync => sync.writes ?? [])
    .filter(write => !isStatusWrite(write))
    .map(write => (write.kind === 'AnalysisRun' || write.kind === 'Experiment' ? pick(write, ['by', 'verb', 'kind', 'name']) : write))

/** What syncs returned or panicked with, each once. */
const listErrors = syncs => {
  const errors = syncs
    .map(sync => [sync, present(sync, ['error', 'panic', 'in'])])
    .filter(([, error]) => Object.keys(error).length > 0)
    .map(([sync, error]) => ({ by: sync.by, on: sync.key, ...error }))
  return errors.filter((error, index) => errors.findIndex(other => equal(other, error)) === index)
}

const observeCycle = (cycle, observe) => {
  if (!cycle) return {}
  const writes = listWrites(cycle.syncs)
  const states = cycle.states.map(observe)
  return writes.length === 0 && states.every(state => equal(state, states[0])) ? { statusLoop: true } : { cycle: { writes, states } }
}

const observeMoment = (moment, observe) => {
  const errors = listErrors([...(moment.syncs ?? []), ...(moment.idle ?? []), ...(moment.cycle?.syncs ?? [])])
  const everySync = listWrites(moment.idle)
  return {
    ...pick(moment, ['event', 'clock', 'pods']),
    ...present(moment, ['refused']),
    writes: listWrites(moment.syncs),
    ...(errors.length > 0 ? { errors } : {}),
    ...(everySync.length > 0 ? { everySync } : {}),
    ...(moment.unsettled ? { unsettled: true } : {}),
    ...observeCycle(moment.cycle, observe),
    state: observe(moment.state),
  }
}

/** One sync of a trace: how many of the moment's writes it made, the Rollout status patch as sent, the reasons of its Kubernetes events. */
const traceSync = sync => {
  const status = (sync.writes ?? []).filter(write => write.kind === 'Rollout' && write.verb === 'patch').map(({ patch }) => patch)
  return {
    by: sync.by,
    on: sync.key,
    writes: listWrites([sync]).length,
    ...(status.length > 0 ? { status: status.length === 1 ? status[0] : status } : {}),
    ...(sync.events?.length > 0 ? { events: sync.events.map(event => event.split(' ')[1]) } : {}),
    ...present(sync, ['error', 'panic']),
  }
}

/** What one version did in one scenario: `{ result: { objects, moments }, trace }`, or undefined where that version is not recorded. */
export const foldRecording = (recording, version) => {
  const { group, name } = recording.scenario
  if (!isRecorded(`${group}/${name}`, version)) return undefined
  const moments = renameHashes(recording)
  const table = createTable()
  const observe = state => observeState(state, group === 'invalid', table)
  const observed = moments.map(moment => observeMoment(moment, observe))
  const trace = moments.map(({ syncs, cycle }) => ({
    syncs: syncs.map(traceSync),
    ...(cycle ? { cycle: cycle.syncs.map(traceSync) } : {}),
  }))
  return { result: { objects: table.objects, moments: observed }, trace }
}

const byVersion = (left, right) => right.localeCompare(left, 'en', { numeric: true })

/** A walk with one version's result in place of what it had of that version; equal results share an entry, newest versions come first. */
export const joinResult = (walk, version, { result, trace }) => {
  const others = walk.results
    .map(({ versions, ...rest }) => ({ versions: versions.filter(other => other !== version), ...rest }))
    .filter(({ versions }) => versions.length > 0)
  const same = others.find(({ versions: _, ...rest }) => equal(rest, result))
  const results = same
    ? others.map(entry => (entry === same ? { ...entry, versions: [...entry.versions, version].sort(byVersion) } : entry))
    : [...others, { versions: [version], ...result }]
  results.sort((left, right) => byVersion(left.versions[0], right.versions[0]))
  // A trace is kept of the newest version alone.
  const newest = results[0].versions[0] === version ? { version, moments: trace } : walk.trace
  return { format: 'argo-rollouts-walk/1', scenario: walk.scenario, results, ...(newest ? { trace: newest } : {}) }
}

const text = value => JSON.stringify(value)
const lines = values => values.map(text).join(',\n')

const printEntry = ({ versions, objects, moments }) => {
  const table = Object.entries(objects).map(([key, object]) => `${text(key)}:${text(object)}`).join(',\n')
  return `{"versions":${text(versions)},\n"objects":{\n${table}\n},\n"moments":[\n${lines(moments)}\n]}`
}

/** A walk file as text: a line per object, moment and traced moment. */
export const printWalk = ({ scenario, results, trace }) => {
  const traced = trace ? `,\n"trace":{"version":${text(trace.version)},"moments":[\n${lines(trace.moments)}\n]}` : ''
  const entries = results.map(printEntry).join(',\n')
  return `{"format":"argo-rollouts-walk/1",\n"scenario":${text(scenario)},\n"results":[\n${entries}\n]${traced}\n}\n`
}
