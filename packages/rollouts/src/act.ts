import { applyMergePatch, createMergePatch, isMap, jsonEqual, type KubeObject, refKey, refOf } from '@rollsync/manifests'

import { admit } from './admit.ts'
import { born, notFound } from './api-server.ts'
import { rfc3339 } from './clock.ts'
import { type Cluster, replicaSetsOf, withoutHash } from './cluster.ts'
import type { Event, RunPhase } from './event.ts'
import { refusal } from './refuse.ts'
import { revisionOf } from './replica-set.ts'
import type { Rollout } from './rollout.ts'
import { currentStep, stepsOf } from './steps.ts'
import { refOfWorkload } from './workload.ts'
import { objectsOf, withObject, withoutObject } from './world.ts'

/** An event that the API server or the command refused: the text is the refusal, the cluster is unchanged. */
export type Outcome = { readonly cluster: Cluster } | { readonly refused: string }

type PlainEvent = Exclude<Event, { readonly do: 'interrupt' }>

/** What a person, Git or the cluster's pods do. No controller runs in it. */
export function act(cluster: Cluster, event: PlainEvent): Outcome {
  switch (event.do) {
    case 'apply': return 'object' in event ? apply(cluster, event.object) : applyImage(cluster, event.image, event.rollout)
    case 'overwrite': return overwrite(cluster, event.kind, event.name, event.how)
    case 'edit': return edit(cluster, findObject(cluster, event.kind, event.name), `no ${event.kind} ${event.name}`, event.patch)
    case 'delete': return remove(cluster, event.kind, event.name)
    case 'promote': return promote(cluster, event.skip, event.rollout)
    case 'promote-full': return withRollout(cluster, event.rollout, promoteFull)
    case 'abort': return withRollout(cluster, event.rollout, () => [{ status: { abort: true } }])
    case 'retry': return withRollout(cluster, event.rollout, () => [{ status: { abort: false } }])
    case 'undo': return undo(cluster, event.to, event.rollout)
    case 'pause': return withRollout(cluster, event.rollout, () => [{ spec: { paused: true } }])
    case 'resume': return withRollout(cluster, event.rollout, () => [{ spec: { paused: null } }])
    case 'scale': return withRollout(cluster, event.rollout, () => [{ spec: { replicas: event.replicas } }])
    case 'restart': return withRollout(cluster, event.rollout, () => [{ spec: { restartAt: rfc3339(cluster.clock) } }])
    case 'wait': return { cluster: { ...cluster, clock: cluster.clock + event.seconds } }
    case 'sync': return { cluster }
    case 'pods': return { cluster: { ...cluster, pods: new Map(cluster.pods).set(event.image, 'available' in event ? { mode: 'limit', available: event.available } : { mode: event.state }) } }
    case 'analysis': return { cluster: finishRuns(cluster, event.phase, event.message) }
    case 'experiment': return { cluster: finishExperiments(cluster, event.phase, event.message) }
    default: return event satisfies never
  }
}

/** Creates all objects, within a kind as listed: AnalysisTemplates, Services, Ingresses, then Rollouts; everything else first. */
export function deploy(cluster: Cluster, objects: readonly KubeObject[]): Outcome {
  const git = new Map([...cluster.git, ...objects.map((object) => [gitKey(object.kind, object.metadata.name), object] as const)])
  let current: Cluster = { ...cluster, git }
  const last = ['AnalysisTemplate', 'Service', 'Ingress', 'Rollout']
  const rank = (object: KubeObject): number => last.indexOf(object.kind)
  for (const object of [...objects].sort((a, b) => rank(a) - rank(b))) {
    const outcome = put(current, object)
    if ('refused' in outcome) return { refused: outcome.refused }
    current = outcome.cluster
  }
  return { cluster: current }
}

function gitKey(kind: string, name: string): string {
  return `${kind}/${name}`
}

function findObject(cluster: Cluster, kind: string, name: string): KubeObject | undefined {
  return objectsOf(cluster.world, kind).find((object) => object.metadata.name === name)
}

function findRollout(cluster: Cluster, name: string | undefined): Rollout | undefined {
  const rollouts = objectsOf(cluster.world, 'Rollout') as readonly Rollout[]
  return name === undefined ? rollouts[0] : rollouts.find((rollout) => rollout.metadata.name === name)
}

/** Writes an object as a person would: metadata.generation goes up where the spec differs from the live one. */
export function put(cluster: Cluster, wanted: KubeObject): Outcome {
  const old = cluster.world.get(refKey(refOf(wanted)))
  const object = admit(wanted, cluster.profile, old)
  const refused = refusal(object)
  if (refused !== undefined) return { refused }
  if (old === undefined) {
    const made = born(cluster, object)
    return { cluster: { ...made.cluster, world: withObject(made.cluster.world, made.object) } }
  }
  const generation = typeof old.metadata['generation'] === 'number' ? old.metadata['generation'] : 0
  const next = jsonEqual(old['spec'], object['spec']) ? object : { ...object, metadata: { ...object.metadata, generation: generation + 1 } }
  return { cluster: { ...cluster, world: withObject(cluster.world, next) } }
}

// What of a manifest Git has a say in: annotations, labels and spec.
function wanted(object: KubeObject): Readonly<Record<string, unknown>> {
  const { annotations, labels } = object.metadata
  const metadata = { ...(annotations === undefined ? {} : { annotations }), ...(labels === undefined ? {} : { labels }) }
  return { spec: object['spec'], ...(Object.keys(metadata).length === 0 ? {} : { metadata }) }
}

/** A three-way merge by RFC 7386 patches: what Git dropped is removed, what Git says is set, the rest of the live object stays. */
function apply(cluster: Cluster, object: KubeObject): Outcome {
  const key = gitKey(object.kind, object.metadata.name)
  const old = cluster.git.get(key)
  const next = { ...cluster, git: new Map(cluster.git).set(key, object) }
  const live = findObject(cluster, object.kind, object.metadata.name)
  const base = old === undefined || live === undefined ? live : applyMergePatch(live, onlyRemovals(createMergePatch(wanted(old), wanted(object))))
  const outcome = put(next, live === undefined ? object : applyMergePatch(base, wanted(object)) as KubeObject)
  return outcome
}

function onlyRemovals(patch: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const entries = Object.entries(patch).flatMap(([key, value]): readonly (readonly [string, unknown])[] => {
    if (value === null) return [[key, null]]
    const inner = isMap(value) ? onlyRemovals(value) : {}
    return Object.keys(inner).length === 0 ? [] : [[key, inner]]
  })
  return Object.fromEntries(entries)
}

function applyImage(cluster: Cluster, image: string, name: string | undefined): Outcome {
  const rollout = findRollout(cluster, name)
  const inGit = cluster.git.get(gitKey('Rollout', name ?? rollout?.metadata.name ?? ''))
  if (inGit === undefined) return { refused: `Git has no Rollout ${name ?? ''}`.trimEnd() }
  const ref = (inGit as Rollout).spec.workloadRef
  if (ref === undefined) return apply(cluster, withImage(inGit, image))
  const workload = cluster.git.get(gitKey(ref.kind ?? '', ref.name ?? ''))
  return workload === undefined ? { refused: `Git has no ${ref.kind} ${ref.name}` } : apply(cluster, withImage(workload, image))
}

/** The manifest with another image in its first container; unchanged where it has none. */
export function withImage(object: KubeObject, image: string): KubeObject {
  const spec = object['spec'] as Rollout['spec'] | undefined
  const [first, ...rest] = spec?.template?.spec?.containers ?? []
  if (spec === undefined || first === undefined) return object
  return { ...object, spec: { ...spec, template: { ...spec.template, spec: { ...spec.template?.spec, containers: [{ ...first, image }, ...rest] } } } }
}

function overwrite(cluster: Cluster, kind: string, name: string, how: 'apply' | 'replace'): Outcome {
  const inGit = cluster.git.get(gitKey(kind, name))
  if (inGit === undefined) return { refused: `Git has no ${kind} ${name}` }
  const live = findObject(cluster, kind, name)
  if (live === undefined) return put(cluster, inGit)
  if (how === 'apply') return put(cluster, applyMergePatch(live, wanted(inGit)) as KubeObject)
  const { annotations: _, labels: __, ...metadata } = live.metadata
  const { annotations, labels } = inGit.metadata
  return put(cluster, { ...live, spec: inGit['spec'], metadata: { ...metadata, ...(annotations === undefined ? {} : { annotations }), ...(labels === undefined ? {} : { labels }) } as KubeObject['metadata'] })
}

function edit(cluster: Cluster, live: KubeObject | undefined, missing: string, patch: unknown): Outcome {
  return live === undefined ? { refused: missing } : put(cluster, applyMergePatch(live, patch) as KubeObject)
}

function remove(cluster: Cluster, kind: string, name: string): Outcome {
  const live = findObject(cluster, kind, name)
  if (live === undefined) return { refused: notFound({ group: GROUPS.get(kind) ?? '', kind, namespace: '', name }) }
  let world = withoutObject(cluster.world, refOf(live))
  if (kind === 'Rollout') { // the garbage collector
    for (const child of ['ReplicaSet', 'AnalysisRun', 'Experiment'].flatMap((owned) => objectsOf(world, owned))) {
      if ((child.metadata['ownerReferences'] as readonly { readonly name: string }[] | undefined)?.[0]?.name === name) world = withoutObject(world, refOf(child))
    }
  }
  return { cluster: { ...cluster, world } }
}

const GROUPS: ReadonlyMap<string, string> = new Map([['Rollout', 'argoproj.io'], ['AnalysisRun', 'argoproj.io'], ['AnalysisTemplate', 'argoproj.io'], ['Experiment', 'argoproj.io'],
  ['Ingress', 'networking.k8s.io'], ['ReplicaSet', 'apps'], ['Deployment', 'apps']])

/** Patches of the live Rollout, one after the other, as the kubectl plugin sends them. */
function withRollout(cluster: Cluster, name: string | undefined, patches: (rollout: Rollout, cluster: Cluster) => readonly unknown[]): Outcome {
  const rollout = findRollout(cluster, name)
  if (rollout === undefined) return { refused: name === undefined ? 'no Rollout' : `no Rollout ${name}` }
  return put(cluster, patches(rollout, cluster).reduce<KubeObject>((object, patch) => applyMergePatch(object, patch) as KubeObject, rollout))
}

// pkg/kubectl-argo-rollouts/cmd/promote/promote.go getPatches
function promote(cluster: Cluster, skip: 'current-step' | 'all-steps' | undefined, name: string | undefined): Outcome {
  const rollout = findRollout(cluster, name)
  if (skip !== undefined && rollout !== undefined) {
    if (rollout.spec.strategy.blueGreen !== undefined) return { refused: 'Cannot skip steps of a bluegreen rollout. Run without a flags' }
    if (rollout.spec.strategy.canary !== undefined && stepsOf(rollout).length === 0) return { refused: 'Cannot skip steps of a rollout without steps' }
  }
  return withRollout(cluster, name, (live) => {
    if (skip === 'all-steps') return [{ status: { currentStepIndex: stepsOf(live).length } }]
    if (skip === 'current-step') return nextIndex(live) === undefined ? [] : [{ status: { currentStepIndex: nextIndex(live) } }]
    return [...promoteStatus(live), ...(live.spec.paused === true ? [{ spec: { paused: false } }] : [])]
  })
}

function promoteStatus(rollout: Rollout): readonly unknown[] {
  const { status } = rollout
  const paused = (status.pauseConditions ?? []).length > 0
  const inconclusive = rollout.spec.strategy.canary !== undefined && status.canary?.currentStepAnalysisRunStatus?.status === 'Inconclusive'
  const index = nextIndex(rollout)
  if (inconclusive && paused && status.controllerPause === true) {
    return index === undefined ? [] : [{ status: { pauseConditions: null, controllerPause: false, currentStepIndex: index } }]
  }
  if (paused) return [{ status: { pauseConditions: null } }]
  return rollout.spec.strategy.canary === undefined || index === undefined ? [] : [{ status: { pauseConditions: null, currentStepIndex: index } }]
}

function nextIndex(rollout: Rollout): number | undefined {
  const { index } = currentStep(rollout)
  return index === undefined ? undefined : Math.min(index + 1, Math.max(index, stepsOf(rollout).length))
}

function promoteFull(rollout: Rollout, { profile }: Cluster): readonly unknown[] {
  const full = (rollout.status.currentPodHash ?? '') === (rollout.status.stableRS ?? '') ? [] : [{ status: { promoteFull: true } }]
  return [...full, ...(profile.has.promoteFullUnpauses && rollout.spec.paused === true ? [{ spec: { paused: false } }] : [])]
}

/** `kubectl argo rollouts undo`: the pod template of an older revision (absent: the second newest) replaces the live one. */
function undo(cluster: Cluster, to: number | undefined, name: string | undefined): Outcome {
  const rollout = findRollout(cluster, name)
  if (rollout === undefined) return { refused: name === undefined ? 'no Rollout' : `no Rollout ${name}` }
  const owned = replicaSetsOf(cluster.world).filter((rs) => (rs.metadata['ownerReferences'] as readonly { readonly name: string }[] | undefined)?.[0]?.name === rollout.metadata.name)
  const revisions = [...owned].sort((a, b) => revisionOf(b) - revisionOf(a))
  const older = to === undefined || to === 0 ? revisions[1] : revisions.findLast((rs) => revisionOf(rs) === to)
  if (older === undefined) return { refused: (to ?? 0) > 0 ? `unable to find specified revision ${to} in history` : `no revision found for rollout ${JSON.stringify(rollout.metadata.name)}` }
  const template = withoutHash(older.spec.template)
  if (rollout.spec.workloadRef === undefined) return put(cluster, { ...rollout, spec: { ...rollout.spec, template } })
  // undo.go: with a workloadRef it is the workload's template that goes back
  const workload = cluster.world.get(refKey(refOfWorkload(rollout)))
  return workload === undefined ? { refused: notFound(refOfWorkload(rollout)) } : put(cluster, { ...workload, spec: { ...workload['spec'] as object, template } })
}

const UNFINISHED: ReadonlySet<unknown> = new Set([undefined, '', 'Pending', 'Running'])

function finishRuns(cluster: Cluster, phase: RunPhase, message: string | undefined): Cluster {
  const world = objectsOf(cluster.world, 'AnalysisRun').reduce((current, run) => {
    const status = (run['status'] ?? {}) as { readonly phase?: string }
    return UNFINISHED.has(status.phase) ? withObject(current, { ...run, status: { ...status, phase, ...(message === undefined ? {} : { message }) } }) : current
  }, cluster.world)
  return { ...cluster, world }
}

function finishExperiments(cluster: Cluster, phase: RunPhase, message: string | undefined): Cluster {
  const world = objectsOf(cluster.world, 'Experiment').reduce((current, experiment) => {
    const status = (experiment['status'] ?? {}) as { readonly phase?: string }
    if (!UNFINISHED.has(status.phase)) return current
    const templates = ((experiment['spec'] as { readonly templates?: readonly { readonly name: string; readonly service?: unknown }[] }).templates ?? []).map((template) => ({
      name: template.name, podTemplateHash: `experiment-${template.name}`, ...(template.service === undefined ? {} : { serviceName: `${experiment.metadata.name}-${template.name}` }),
    }))
    return withObject(current, { ...experiment, status: { ...status, phase, ...(message === undefined ? {} : { message }), templateStatuses: templates } })
  }, cluster.world)
  return { ...cluster, world }
}
