import { isMap, jsonEqual, type KubeObject } from '@rollsync/manifests'
import type { StoryWriter } from '@rollsync/ignore'
import { nameIn } from './scenario.ts'

/** Everything that a person could see once nothing moves any more; what is predicted and what is seen have this one shape. Names are `Kind/name`. */
export interface Observed {
  readonly sync: string
  readonly resources: Readonly<Record<string, string>>
  /** Syncs of everything since the event, of those that changed an object. */
  readonly syncs: number
  /** Whether self-heal changed an object; in how many goes it does so is chance. */
  readonly heals: boolean
  readonly writers: Readonly<Record<string, StoryWriter>>
  readonly objects: Readonly<Record<string, unknown>>
}

const watched = new Set(['Ingress', 'Service', 'Rollout'])

/**
 * The part of each object that both worlds hold: no marks of Argo CD, no defaults and addresses of the API server, no times, and pod template hashes by their order among those of one
 * Rollout. `replicaSets`: every one there ever was, the oldest first.
 */
export function visibleObjects(objects: readonly KubeObject[], replicaSets: readonly KubeObject[]): Observed['objects'] {
  const shown = objects.filter((object) => watched.has(object.kind)).map((object) => [nameIn(object), visible(object)] as const)
  return JSON.parse(withoutChance(JSON.stringify(Object.fromEntries(shown.sort(([a], [b]) => (a < b ? -1 : 1)))), hashNames(replicaSets))) as Observed['objects']
}

const hashLabel = 'rollouts-pod-template-hash'

function hashNames(replicaSets: readonly KubeObject[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const counts = new Map<string, number>()
  for (const { metadata } of replicaSets) {
    const hash = metadata.labels?.[hashLabel] ?? ''
    if (hash === '' || names.has(hash)) continue
    const owner = metadata.name.slice(0, -hash.length - 1)
    counts.set(owner, (counts.get(owner) ?? 0) + 1)
    names.set(hash, `#${owner}-${counts.get(owner)}`)
  }
  return names
}

/** Whether anything of that changed. */
export function isVisibleChange(before: KubeObject | undefined, after: KubeObject): boolean {
  const withoutStatus = (object: KubeObject): KubeObject => ({ ...object, status: {} }) as KubeObject
  return before === undefined || !jsonEqual(visible(withoutStatus(before)), visible(withoutStatus(after)))
}

export function isWatched({ kind }: { readonly kind: string }): boolean {
  return watched.has(kind)
}

function visible(object: KubeObject): unknown {
  const { kind, metadata: { annotations, labels } } = object
  const spec = mapOf(object['spec'])
  const shown = { annotations: notMarks(annotations ?? {}), labels: notMarks(labels ?? {}) }
  if (kind === 'Service') return { ...shown, selector: spec['selector'] ?? {} }
  if (kind === 'Ingress') return { ...shown, spec }
  return { ...shown, spec: { replicas: spec['replicas'], paused: spec['paused'] ?? false, template: containersOf(spec) }, status: withoutEmpty(steady(mapOf(object['status']))) }
}

// Up to 2.x Argo CD's mark is a label.
const marks = /^(argocd\.argoproj\.io\/tracking-id|kubectl\.kubernetes\.io\/last-applied-configuration|app\.kubernetes\.io\/instance)$/

function notMarks(named: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(named).filter(([name]) => !marks.test(name)))
}

/** Images alone: the API server fills in the rest of a template. */
function containersOf(spec: Readonly<Record<string, unknown>>): unknown {
  const containers = mapOf(mapOf(spec['template'])['spec'])['containers']
  return Array.isArray(containers) ? containers.map((container) => mapOf(container)['image']) : []
}

/** A generation counts every change of the spec, the API server's own among them; conditions stand in the order in which they came about. */
function steady({ observedGeneration: _generation, workloadObservedGeneration: _workload, conditions, ...status }: Readonly<Record<string, unknown>>): unknown {
  const byType = Array.isArray(conditions) ? Object.fromEntries(conditions.filter(isMap).map((condition) => [String(condition['type']), condition])) : {}
  return { ...status, conditions: byType }
}

/** Go writes `blueGreen: {}` and `canary: {}` for what is not used, `kubectl argo rollouts retry` writes `abort: false`; the model leaves out what is empty. */
function withoutEmpty(value: unknown): unknown {
  if (!isMap(value)) return value
  const inner = Object.entries(value).map(([key, one]) => [key, withoutEmpty(one)] as const)
  return Object.fromEntries(inner.filter(([, one]) => one !== false && !(isMap(one) && Object.keys(one).length === 0)))
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return isMap(value) ? value : {}
}

function withoutChance(text: string, hashes: ReadonlyMap<string, string>): string {
  // The longer first: hash-1 is the beginning of hash-10.
  const named = [...hashes].sort(([a], [b]) => b.length - a.length).reduce((all, [hash, name]) => all.replaceAll(hash, name), text)
  return named.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, 'TIME')
}
