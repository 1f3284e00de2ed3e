import { applyMergePatch, createMergePatch, isMap, type KubeObject } from '@rollsync/manifests'

import type { Cluster } from './cluster.ts'
import { findObject, findRollout, type Outcome, put } from './put.ts'
import type { Rollout } from './rollout.ts'

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

// What of a manifest Git has a say in: annotations, labels and spec.
function wanted(object: KubeObject): Readonly<Record<string, unknown>> {
  const { annotations, labels } = object.metadata
  const metadata = { ...(annotations === undefined ? {} : { annotations }), ...(labels === undefined ? {} : { labels }) }
  return { spec: object['spec'], ...(Object.keys(metadata).length === 0 ? {} : { metadata }) }
}

/** A three-way merge by RFC 7386 patches: what Git dropped is removed, what Git says is set, the rest of the live object stays. */
export function apply(cluster: Cluster, object: KubeObject): Outcome {
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

export function applyImage(cluster: Cluster, image: string, name: string | undefined): Outcome {
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

export function overwrite(cluster: Cluster, kind: string, name: string, how: 'apply' | 'replace'): Outcome {
  const inGit = cluster.git.get(gitKey(kind, name))
  if (inGit === undefined) return { refused: `Git has no ${kind} ${name}` }
  const live = findObject(cluster, kind, name)
  if (live === undefined) return put(cluster, inGit)
  if (how === 'apply') return put(cluster, applyMergePatch(live, wanted(inGit)) as KubeObject)
  const { annotations: _, labels: __, ...metadata } = live.metadata
  const { annotations, labels } = inGit.metadata
  return put(cluster, { ...live, spec: inGit['spec'], metadata: { ...metadata, ...(annotations === undefined ? {} : { annotations }), ...(labels === undefined ? {} : { labels }) } as KubeObject['metadata'] })
}
