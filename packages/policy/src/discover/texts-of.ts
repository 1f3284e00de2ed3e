import type { KubeObject } from '@rollsync/manifests'

const texts = new WeakMap<KubeObject, ReadonlySet<string>>()

/** Every text in the spec of an object. */
export function textsOf(object: KubeObject): ReadonlySet<string> {
  const known = texts.get(object) ?? textsIn(object['spec'])
  texts.set(object, known)
  return known
}

function textsIn(value: unknown, found: Set<string> = new Set()): Set<string> {
  if (typeof value === 'string') found.add(value)
  else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) textsIn(inner, found)
  return found
}
