import { isMap, jsonEqual, type KubeObject } from '@rollsync/manifests'

import { sortedKeys } from './map-of.ts'
import { compare, type World } from './world.ts'

const known = new WeakMap<object, string>()

/** One text per value, whatever the order of its keys; remembered per object. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const found = known.get(value)
  if (found !== undefined) return found
  const text = Array.isArray(value) ? `[${value.map(canonicalJson).join(',')}]` : mapText(value as Readonly<Record<string, unknown>>)
  if (text.length > SHORT) known.set(value, text)
  return text
}

// What is made again as fast as it is remembered.
const SHORT = 200

function mapText(map: Readonly<Record<string, unknown>>): string {
  const entries: string[] = []
  for (const key of sortedKeys(map)) if (map[key] !== undefined) entries.push(`${JSON.stringify(key)}:${canonicalJson(map[key])}`)
  return `{${entries.join(',')}}`
}

const objects = new WeakMap<KubeObject, string>()

// What only counts up does not make a state a new one: metadata.generation and status.observedGeneration.
function objectText(object: KubeObject): string {
  const found = objects.get(object)
  if (found !== undefined) return found
  const { generation: _, ...metadata } = object.metadata
  const status = object['status']
  const { observedGeneration: __, ...rest } = isMap(status) ? status : {}
  const text = canonicalJson({ ...object, metadata, ...(isMap(status) ? { status: rest } : {}) })
  objects.set(object, text)
  return text
}

/** Whether two worlds differ at most in generations. */
export function isSameWorld(a: World, b: World): boolean {
  if (a === b) return true
  if (a.size !== b.size) return false
  for (const [key, object] of a) {
    const other = b.get(key)
    if (other !== object && (other === undefined || !isSameObject(object, other))) return false
  }
  return true
}

// No text is made: objects that differ, which is the usual case, do so early.
function isSameObject(a: KubeObject, b: KubeObject): boolean {
  return isSameMap(a, b, (key, left, right) => {
    if (key === 'metadata') return isSameMap(left as JsonMap, right as JsonMap, isSameBut('generation'))
    return key === 'status' && isMap(left) && isMap(right) ? isSameMap(left, right, isSameBut('observedGeneration')) : jsonEqual(left, right)
  })
}

type JsonMap = Readonly<Record<string, unknown>>
type Comparison = (key: string, left: unknown, right: unknown) => boolean

function isSameBut(counter: string): Comparison {
  return (key, left, right) => key === counter || jsonEqual(left, right)
}

function isSameMap(a: JsonMap, b: JsonMap, isSame: Comparison): boolean {
  if (a === b) return true
  return Object.keys(a).every((key) => isSame(key, a[key], Object.hasOwn(b, key) ? b[key] : undefined)) && Object.keys(b).every((key) => Object.hasOwn(a, key) || isSame(key, undefined, b[key]))
}

/** Two worlds with the same fingerprint differ at most in generations. */
export function fingerprint(world: World): string {
  return [...world.keys()].sort(compare).map((key) => `${key}${objectText(world.get(key) as KubeObject)}`).join('\n')
}
