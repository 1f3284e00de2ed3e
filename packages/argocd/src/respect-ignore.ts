import { createMergePatch, groupOf, jsonEqual } from '@rollsync/manifests'
import type { CompiledRules } from './compile-rules.ts'
import { applyRules, normalize, type Normalized } from './ignore-normalizer.ts'
import { copyJson, isJsonMap, type JsonMap, own, put, textAt, without } from './json-map.ts'
import { mergeDocuments } from './json-merge.ts'
import { normalizeManagers, PanicError } from './managed-fields.ts'
import { customType } from './object-shape.ts'
import { builtInType, type StructType } from './schema.ts'
import { settle, type Steps } from './settle.ts'
import { applyStrategicPatch, createThreeWayPatch, StrategicMergeError } from './strategic-merge.ts'
import { normalizeTracking } from './tracking.ts'

/** What argodiff.Normalize makes of the two sides, with what it swallowed on the way. */
export type NormalizedSides =
  | { readonly normalized: 'sides'; readonly target: JsonMap | null; readonly live: JsonMap | null; readonly swallowed: readonly string[] }
  | { readonly normalized: 'failed'; readonly error: string; readonly swallowed: readonly string[] }
  | { readonly normalized: 'panic'; readonly error: string }
  | { readonly normalized: 'unverified'; readonly reason: string }

/** The target that a sync with RespectIgnoreDifferences applies, or why that sync stops. */
export type RespectingTarget =
  | { readonly respecting: 'target'; readonly target: JsonMap | null }
  | { readonly respecting: 'failed'; readonly error: string; readonly message: string }
  | { readonly respecting: 'panic'; readonly error: string }
  | { readonly respecting: 'unverified'; readonly reason: string }

/** util/argo/diff/normalize.go Normalize: tracking, managers, ignore rules, known types; no Go round trip. */
export function normalizeSides(target: object | null, live: object | null, rules: CompiledRules): NormalizedSides | Promise<NormalizedSides> {
  return settle(sidesNormalized(target as JsonMap | null, live as JsonMap | null, rules))
}

/** The ignore normaliser alone on one object: neither tracking nor managers nor known types. */
export function ignoreFields(object: object, rules: CompiledRules): NormalizedSides | Promise<NormalizedSides> {
  const { normalizer: compiled } = rules
  if (compiled.compiled === 'invalid') return { normalized: 'failed', error: compiled.error, swallowed: [] }
  if (compiled.compiled === 'unverified') return { normalized: 'unverified', reason: compiled.reason }
  return settle((function* (): Steps<NormalizedSides> {
    const { object: target, swallowed, error, unverified } = yield* applyRules(object as JsonMap, compiled.normalizer)
    if (unverified !== undefined) return { normalized: 'unverified', reason: unverified }
    return error === undefined ? { normalized: 'sides', target, live: null, swallowed: [...new Set(swallowed)] } : { normalized: 'failed', error, swallowed }
  })())
}

/** sync.go:421 normalizeTargetResources, for one resource. */
export function respectIgnore(target: object | null, live: object | null, rules: CompiledRules): RespectingTarget | Promise<RespectingTarget> {
  return settle(respecting(target as JsonMap | null, live as JsonMap | null, rules))
}

function* sidesNormalized(target: JsonMap | null, live: JsonMap | null, rules: CompiledRules): Steps<NormalizedSides> {
  try {
    const managed = normalizeManagers(normalizeTracking(target, live, rules.settings, rules.profile), target, rules)
    const { normalizer: compiled } = rules
    if (compiled.compiled === 'invalid') return { normalized: 'failed', error: compiled.error, swallowed: managed.swallowed }
    if (compiled.compiled === 'unverified') return { normalized: 'unverified', reason: compiled.reason }
    const swallowed = [...managed.swallowed]
    const results: (Normalized | null)[] = []
    for (const side of [managed.live, managed.target]) {
      const result = side && (yield* normalize(side, compiled.normalizer))
      results.push(result)
      if (!result) continue
      swallowed.push(...result.swallowed)
      if (result.unverified !== undefined) return { normalized: 'unverified', reason: result.unverified }
      if (result.error !== undefined) return { normalized: 'failed', error: result.error, swallowed: [...new Set(swallowed)] }
    }
    return { normalized: 'sides', live: results[0]?.object ?? null, target: results[1]?.object ?? null, swallowed: [...new Set(swallowed)] }
  } catch (error) {
    if (error instanceof PanicError) return { normalized: 'panic', error: error.message }
    throw error
  }
}

function* respecting(target: JsonMap | null, live: JsonMap | null, rules: CompiledRules): Steps<RespectingTarget> {
  const sides = yield* sidesNormalized(target, live, rules)
  if (sides.normalized === 'panic') return { respecting: 'panic', error: sides.error }
  if (sides.normalized === 'unverified') return { respecting: 'unverified', reason: sides.reason }
  if (sides.normalized === 'failed') return failed(sides.error)
  if (!target || !sides.target) return { respecting: 'target', target: null }
  if (!live || !sides.live) return { respecting: 'target', target }
  try {
    return { respecting: 'target', target: patchedTarget(target, live, sides.target, sides.live, rules) }
  } catch (error) {
    if (error instanceof StrategicMergeError) return failed(error.message)
    throw error
  }
}

function failed(error: string): RespectingTarget {
  return { respecting: 'failed', error, message: `Failed to normalize target resources: ${error}` }
}

function patchedTarget(target: JsonMap, live: JsonMap, normalTarget: JsonMap, normalLive: JsonMap, rules: CompiledRules): JsonMap {
  const { profile } = rules
  const strip = (object: JsonMap): JsonMap => (profile.respectIgnoreStripsStatus === 'yes' ? without(object, ['status']) : object)
  const type = patchType(normalTarget, rules)
  const patched = type
    ? applyStrategicPatch(normalTarget, createThreeWayPatch(strip(live), strip(live), strip(normalLive), type), type)
    : mergeDocuments(normalTarget, createMergePatch(strip(normalLive), strip(live)) as JsonMap)
  if (profile.respectIgnoreRestores === 'no') return patched
  const restored = copyJson(patched)
  const compiled = rules.normalizer.compiled === 'normalizer' ? rules.normalizer.normalizer.fields : undefined
  const fields = compiled?.get(`${groupOf(textAt(target, 'apiVersion'))}/${textAt(target, 'kind')}`) ?? []
  restoreNonIgnoredFields(restored, target, normalTarget, normalLive, fields.map((field) => field.path))
  return restored
}

/** The type by which a strategic merge patch is made; undefined where it is a JSON merge patch. */
function patchType(object: JsonMap, { profile, schemas }: CompiledRules): StructType | undefined {
  const [apiVersion, kind] = [textAt(object, 'apiVersion'), textAt(object, 'kind')]
  switch (profile.respectIgnore) {
    case 'json merge': return undefined
    case 'strategic': return builtInType(apiVersion, kind)
    case 'strategic by schema': return builtInType(apiVersion, kind) ?? customType(apiVersion, kind, schemas)
    default: return profile.respectIgnore satisfies never
  }
}

/**
 * sync.go:536: changes `patched` in place. What the rules did not touch in Git's manifest goes back to Git's value, lists as a whole;
 * what only live has and no rule names goes.
 * `floats` are the paths below which the known types normaliser has turned whole numbers into floats, which reflect.DeepEqual does not call equal to Git's integers.
 */
function restoreNonIgnoredFields(patched: JsonMap, original: JsonMap, normalTarget: JsonMap, normalLive: JsonMap, floats: readonly (readonly string[])[]): void {
  for (const key of Object.keys(original)) {
    const before = original[key]
    const now = own(patched, key)
    const normal = own(normalTarget, key)
    const below = floats.filter((path) => path.length === 0 || path[0] === key).map((path) => path.slice(1))
    if (isJsonMap(now) && isJsonMap(before) && isJsonMap(normal)) {
      const inner = own(normalLive, key)
      restoreNonIgnoredFields(now, before, normal, isJsonMap(inner) ? inner : {}, below)
      continue
    }
    const untouched = Object.hasOwn(normalTarget, key) && jsonEqual(normal, before) && !(below.length > 0 && holdsInteger(before))
    if (untouched && (!Object.hasOwn(patched, key) || !jsonEqual(now, before))) put(patched, key, copyJson(before))
  }
  for (const key of Object.keys(patched)) if (!Object.hasOwn(original, key) && Object.hasOwn(normalLive, key)) delete patched[key]
}

function holdsInteger(value: unknown): boolean {
  if (typeof value === 'number') return Number.isInteger(value)
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsInteger)
}
