import { type KubeObject, refKey, refOf, type ResourceRef } from '@rollsync/manifests'

/** The live objects of one cluster, by `refKey(refOf(object))`, each as its API server would hold it. Changed by copy, never in place. */
export type World = ReadonlyMap<string, KubeObject>

/** A World of these objects; of two with the same ref the later one counts. */
export function worldOf(objects: Iterable<KubeObject>): World {
  return new Map([...objects].map((object) => [refKey(refOf(object)), object]))
}

export function withObject(world: World, object: KubeObject): World {
  return copyBut(world, object.kind).set(refKey(refOf(object)), object)
}

export function withoutObject(world: World, ref: ResourceRef): World {
  const copy = copyBut(world, ref.kind)
  copy.delete(refKey(ref))
  return copy
}

/** A copy in which objects of that one kind are about to change: the lists of the other kinds stay known. */
export function copyBut(world: World, kind: string): Map<string, KubeObject> {
  const copy = new Map(world)
  const lists = listed.get(world)
  if (lists !== undefined) listed.set(copy, new Map(lists))
  forgetList(copy, kind)
  return copy
}

/** To be called before an object of that kind changes in a world that is being made. */
export function forgetList(world: World, kind: string): void {
  listed.get(world)?.delete(kind)
}

/** Every object of a kind, ordered by namespace and name. `kind` with a group where two groups share the name: Ingress of networking.k8s.io and of extensions. */
export function objectsOf(world: World, kind: string): readonly KubeObject[] {
  const lists = listed.get(world) ?? new Map<string, readonly KubeObject[]>()
  const known = lists.get(kind)
  if (known !== undefined) return known
  const found = [...world.values()].filter((object) => object.kind === kind).sort(byName)
  listed.set(world, lists.set(kind, found))
  return found
}

const listed = new WeakMap<World, Map<string, readonly KubeObject[]>>()

function byName(a: KubeObject, b: KubeObject): number {
  return compare(a.metadata.namespace ?? '', b.metadata.namespace ?? '') || compare(a.metadata.name, b.metadata.name)
}

/** Go's order of strings: by bytes; equal to UTF-16 order for all but astral characters, which no name holds. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
