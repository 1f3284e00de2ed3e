import { applyMergePatch, createMergePatch, isMap, jsonEqual, type KubeObject, refKey, refOf, type ResourceRef } from '@rollsync/manifests'

import { admit } from './admit.ts'
import type { Client } from './client.ts'
import { rfc3339 } from './clock.ts'
import { type Cluster, claimHash, hashOfTemplate } from './cluster.ts'
import { ControllerFailure, fail } from './controller-failure.ts'
import { goJson, goMapJson, withLongEscapes } from './go-json.ts'
import { type Ingress, ingressJson } from './ingress.ts'
import type { Quirk } from './quirk.ts'
import { refusal } from './refuse.ts'
import type { ReplicaSet } from './replica-set.ts'
import type { World } from './world.ts'
import type { Write, Writer } from './write.ts'

/** One controller's connection for one sync: a Client, and what came of it. */
export interface Connection extends Client {
  readonly cluster: () => Cluster
  readonly writes: readonly Write[]
  readonly notes: readonly Quirk[]
}

/** `service "x" not found`, `ingress.networking.k8s.io "x" not found`: the API server's words, with the resource in the plural as the API says it. */
export function notFound(ref: ResourceRef): string {
  return `${resourceOf(ref.kind)}${ref.group === '' ? '' : `.${ref.group}`} ${JSON.stringify(ref.name)} not found`
}

function resourceOf(kind: string): string {
  const lower = kind.toLowerCase()
  return lower.endsWith('s') ? `${lower}es` : lower.endsWith('y') ? `${lower.slice(0, -1)}ies` : `${lower}s`
}

export function connect(cluster: Cluster, by: Writer): Connection {
  let current = cluster
  let live: Map<string, KubeObject> | undefined
  const writes: Write[] = []
  const notes: Quirk[] = []
  const world = (): World => live ?? cluster.world
  const store = (key: string, object: KubeObject | undefined): void => {
    live ??= new Map(cluster.world)
    if (object === undefined) live.delete(key)
    else live.set(key, object)
  }
  const record = (write: Write, outcome: Outcome): KubeObject => {
    const error = outcome.refused === undefined ? {} : { error: outcome.refused }
    writes.push({ ...write, ...(outcome.noop ? { noop: true as const } : {}), ...error })
    if (outcome.refused !== undefined) fail(outcome.refused)
    return outcome.object as KubeObject
  }
  const put = (ref: ResourceRef, before: KubeObject, wanted: KubeObject): Outcome => {
    const object = admit(wanted, cluster.profile, before)
    const refused = refusal(object)
    if (refused !== undefined) return { refused }
    if (jsonEqual(before, object)) return { object: before, noop: true }
    const changed = withGeneration(before, object)
    store(refKey(ref), changed)
    return { object: changed }
  }
  const send = (ref: ResourceRef, patchType: 'merge' | 'strategic' | 'json', patch: string, body: unknown, subresource: 'status' | undefined): KubeObject => {
    const before = world().get(refKey(ref))
    const write: Write = { by, verb: 'patch', to: ref, patchType, patch, ...(subresource === undefined ? {} : { subresource }) }
    return record(write, before === undefined ? { refused: notFound(ref) } : put(ref, before, patched(before, patchType, body)))
  }
  return {
    cache: cluster.world,
    profile: cluster.profile,
    now: rfc3339(cluster.clock),
    writes,
    notes,
    cluster: () => (live === undefined ? current : { ...current, world: live }),
    note: (quirk) => { if (!notes.some((note) => note.id === quirk.id && note.on === quirk.on)) notes.push(quirk) },
    hashOf: (template) => hashOfTemplate(current, template),
    claimHash: (template) => {
      current = claimHash(current, template)
      return hashOfTemplate(current, template)
    },
    get: (ref) => cluster.world.get(refKey(ref)),
    getLive: (ref) => world().get(refKey(ref)),
    patch: (ref, patchType, patch, subresource) => send(ref, patchType, patch, JSON.parse(patch), subresource),
    mergePatch: (ref, body, subresource) => send(ref, 'merge', cluster.profile.has.shortEscapes ? goMapJson(body) : withLongEscapes(goMapJson(body)), body, subresource),
    update: (object, subresource) => {
      const ref = refOf(object)
      const before = world().get(refKey(ref))
      const sent = sentObject(object)
      const write: Write = {
        by, verb: 'update', to: ref, ...(subresource === undefined ? {} : { subresource }), ...(sent === undefined ? {} : { object: sent }),
        ...(before === undefined ? {} : { patch: goMapJson(createMergePatch(withoutStatus(before), withoutStatus(object))), computed: true as const }),
      }
      return record(write, before === undefined ? { refused: notFound(ref) } : put(ref, before, object))
    },
    create: (object) => {
      const admitted = born(current, admit(object, cluster.profile))
      const ref = refOf(admitted.object)
      const sent = createdObject(admitted.object)
      const write: Write = { by, verb: 'create', to: ref, ...(sent === undefined ? {} : { object: sent }), ...(ref.kind === 'ReplicaSet' ? { replicas: (object as ReplicaSet).spec.replicas } : {}) }
      current = admitted.cluster
      if (world().has(refKey(ref))) return record(write, { refused: `${notFound(ref).slice(0, -' not found'.length)} already exists` })
      const refused = refusal(admitted.object)
      if (refused !== undefined) return record(write, { refused })
      store(refKey(ref), admitted.object)
      return record(write, { object: admitted.object })
    },
    remove: (ref) => {
      const exists = world().has(refKey(ref))
      if (exists) store(refKey(ref), undefined)
      // Every deletion of the controllers passes over an object that is gone already.
      writes.push({ by, verb: 'delete', to: ref, ...(exists ? {} : { error: notFound(ref) }) })
    },
  }
}

interface Outcome { readonly object?: KubeObject; readonly refused?: string; readonly noop?: true }

/** The object with metadata.generation one up where the spec changed, whoever changed it. */
export function withGeneration(before: KubeObject, object: KubeObject): KubeObject {
  if (jsonEqual(before['spec'], object['spec'])) return object
  const generation = object.metadata['generation']
  return { ...object, metadata: { ...object.metadata, generation: (typeof generation === 'number' ? generation : 0) + 1 } }
}

/** A new object as the API server makes it: UID, creation time (ReplicaSets at least a second apart), generation 1. */
export function born(cluster: Cluster, object: KubeObject): { readonly cluster: Cluster; readonly object: KubeObject } {
  const created = cluster.created + 1
  const isReplicaSet = object.kind === 'ReplicaSet'
  const at = isReplicaSet && cluster.clock <= cluster.lastReplicaSet ? cluster.lastReplicaSet + 1 : cluster.clock
  const uid = object.metadata['uid'] ?? (object.kind === 'Rollout' ? `uid-${object.metadata.name}` : `uid-${created}`)
  const made = { ...object, metadata: { ...object.metadata, uid, generation: 1, creationTimestamp: rfc3339(at) } }
  return { cluster: { ...cluster, created, lastReplicaSet: isReplicaSet ? at : cluster.lastReplicaSet }, object: made }
}

function withoutStatus(object: KubeObject): Readonly<Record<string, unknown>> {
  const { status: _, ...rest } = object
  return rest
}

// A created Ingress comes from a Go literal, which says neither kind nor apiVersion (nginx.go buildCanaryIngress).
function createdObject(object: KubeObject): string | undefined {
  return object.kind === 'Ingress' ? sentObject(object)?.replace(/^\{"kind":"Ingress","apiVersion":"[^"]*",/, '{') : sentObject(object)
}

function sentObject(object: KubeObject): string | undefined {
  if (object.kind === 'Ingress') return ingressJson(object as Ingress)
  return object.kind === 'Service' ? goJson(object) : undefined
}

function patched(before: KubeObject, type: 'merge' | 'strategic' | 'json', body: unknown): KubeObject {
  // Of strategic merge patches only those on plain maps are sent (service.go:26): there it is RFC 7386.
  if (type !== 'json') return applyMergePatch(before, body) as KubeObject
  return (body as readonly JsonOperation[]).reduce(applyOperation, before)
}

interface JsonOperation { readonly op: string; readonly path: string; readonly value?: unknown }

// The JSON patches of the controller set or remove one annotation (replicaset.go:26).
function applyOperation(object: KubeObject, { op, path, value }: JsonOperation): KubeObject {
  const key = path.replace('/metadata/annotations/', '')
  const { annotations } = object.metadata
  if (!isMap(annotations) || (op === 'remove' && !Object.hasOwn(annotations, key))) {
    throw new ControllerFailure('error', `${op} operation does not apply: doc is missing path: ${JSON.stringify(path)}: missing value`)
  }
  const rest = Object.entries(annotations).filter(([other]) => other !== key)
  return { ...object, metadata: { ...object.metadata, annotations: Object.fromEntries(op === 'remove' ? rest : [...rest, [key, value]]) as Record<string, string> } }
}
