import { applyMergePatch, createMergePatch, isMap, jsonEqual, type KubeObject, refKey, refOf, type ResourceRef } from '@rollsync/manifests'

import { admit } from './admit.ts'
import { born, notFound, withGeneration } from './born.ts'
import type { Client } from './client.ts'
import { rfc3339 } from './clock.ts'
import { type Cluster, claimHash, hashOfTemplate } from './cluster.ts'
import { ControllerFailure, fail } from './controller-failure.ts'
import { goJson, goMapJson, withLongEscapes } from './go-json.ts'
import { type Ingress, ingressJson } from './ingress.ts'
import { mapOf } from './map-of.ts'
import type { Quirk } from './quirk.ts'
import { refusal } from './refuse.ts'
import type { ReplicaSet } from './replica-set.ts'
import { copyBut, forgetList, type World } from './world.ts'
import type { Write, Writer } from './write.ts'

/** One controller's connection for one sync: a Client, and what came of it. */
export interface Connection extends Client {
  readonly cluster: () => Cluster
  readonly writes: readonly Write[]
  readonly notes: readonly Quirk[]
}

// What a connection has done so far: the cluster it began with, and what became of it.
interface Session {
  readonly start: Cluster
  readonly by: Writer
  readonly writes: Write[]
  current: Cluster
  live?: Map<string, KubeObject>
}

export function connect(cluster: Cluster, by: Writer): Connection {
  const session: Session = { start: cluster, by, writes: [], current: cluster }
  const notes: Quirk[] = []
  const { profile } = cluster
  return {
    cache: cluster.world,
    profile,
    now: rfc3339(cluster.clock),
    writes: session.writes,
    notes,
    cluster: () => (session.live === undefined ? session.current : { ...session.current, world: session.live }),
    note: (quirk) => { if (!notes.some((note) => note.id === quirk.id && note.on === quirk.on)) notes.push(quirk) },
    hashOf: (template) => hashOfTemplate(session.current, template),
    claimHash: (template) => {
      session.current = claimHash(session.current, template)
      return hashOfTemplate(session.current, template)
    },
    get: (ref) => cluster.world.get(refKey(ref)),
    getLive: (ref) => worldOf(session).get(refKey(ref)),
    patch: (ref, patchType, patch, subresource) => send(session, ref, patchType, patch, JSON.parse(patch), subresource),
    mergePatch: (ref, body, subresource) => send(session, ref, 'merge', profile.has.shortEscapes ? goMapJson(body) : withLongEscapes(goMapJson(body)), body, subresource),
    update: (object, subresource) => update(session, object, subresource),
    create: (object) => create(session, object),
    remove: (ref) => remove(session, ref),
  }
}

interface Outcome { readonly object?: KubeObject; readonly refused?: string; readonly noop?: true }

function worldOf(session: Session): World {
  return session.live ?? session.start.world
}

function store(session: Session, ref: ResourceRef, object: KubeObject | undefined): void {
  session.live ??= copyBut(session.start.world, ref.kind)
  forgetList(session.live, ref.kind)
  if (object === undefined) session.live.delete(refKey(ref))
  else session.live.set(refKey(ref), object)
}

function record(session: Session, write: Write, outcome: Outcome): KubeObject {
  const error = outcome.refused === undefined ? {} : { error: outcome.refused }
  session.writes.push({ ...write, ...(outcome.noop ? { noop: true as const } : {}), ...error })
  if (outcome.refused !== undefined) fail(outcome.refused)
  return outcome.object as KubeObject
}

function put(session: Session, ref: ResourceRef, before: KubeObject, wanted: KubeObject): Outcome {
  const object = admit(wanted, session.start.profile, before)
  const refused = refusal(object)
  if (refused !== undefined) return { refused }
  if (jsonEqual(before, object)) return { object: before, noop: true }
  const changed = withGeneration(before, object)
  store(session, ref, changed)
  return { object: changed }
}

function send(session: Session, ref: ResourceRef, patchType: 'merge' | 'strategic' | 'json', patch: string, body: unknown, subresource: 'status' | undefined): KubeObject {
  const before = worldOf(session).get(refKey(ref))
  const write: Write = { by: session.by, verb: 'patch', to: ref, patchType, patch, ...(subresource === undefined ? {} : { subresource }) }
  return record(session, write, before === undefined ? { refused: notFound(ref) } : put(session, ref, before, patched(before, patchType, body)))
}

function update(session: Session, object: KubeObject, subresource: 'status' | undefined): KubeObject {
  const ref = refOf(object)
  const before = worldOf(session).get(refKey(ref))
  const sent = sentObject(object)
  const write: Write = {
    by: session.by, verb: 'update', to: ref, ...(subresource === undefined ? {} : { subresource }), ...(sent === undefined ? {} : { object: sent }),
    ...(before === undefined ? {} : { patch: goMapJson(createMergePatch(withoutStatus(before), withoutStatus(object))), computed: true as const }),
  }
  return record(session, write, before === undefined ? { refused: notFound(ref) } : put(session, ref, before, object))
}

function create(session: Session, object: KubeObject): KubeObject {
  const admitted = born(session.current, admit(object, session.start.profile))
  const ref = refOf(admitted.object)
  const sent = createdObject(admitted.object)
  const replicas = ref.kind === 'ReplicaSet' ? { replicas: (object as ReplicaSet).spec.replicas } : {}
  const write: Write = { by: session.by, verb: 'create', to: ref, ...(sent === undefined ? {} : { object: sent }), ...replicas }
  session.current = admitted.cluster
  if (worldOf(session).has(refKey(ref))) return record(session, write, { refused: `${notFound(ref).slice(0, -' not found'.length)} already exists` })
  const refused = refusal(admitted.object)
  if (refused !== undefined) return record(session, write, { refused })
  store(session, ref, admitted.object)
  return record(session, write, { object: admitted.object })
}

// Every deletion of the controllers passes over an object that is gone already.
function remove(session: Session, ref: ResourceRef): void {
  const exists = worldOf(session).has(refKey(ref))
  if (exists) store(session, ref, undefined)
  session.writes.push({ by: session.by, verb: 'delete', to: ref, ...(exists ? {} : { error: notFound(ref) }) })
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
  return { ...object, metadata: { ...object.metadata, annotations: mapOf<unknown>(op === 'remove' ? rest : [...rest, [key, value]]) as Record<string, string> } }
}
