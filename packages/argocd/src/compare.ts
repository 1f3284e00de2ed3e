import { jsonEqual } from '@rollsync/manifests'
import jsonPatch from 'fast-json-patch'
import type { CompiledRules } from './compile-rules.ts'
import type { CompareMode, Comparison } from './comparison.ts'
import { type IgnoreNormalizer, normalize } from './ignore-normalizer.ts'
import { type JsonMap, nested, nestedText } from './json-map.ts'
import { lastAppliedOf } from './last-applied.ts'
import { normalizeManagers, PanicError } from './managed-fields.ts'
import { normalizeObject } from './normalize-object.ts'
import { remarshal } from './remarshal.ts'
import { serverSideDiff } from './server-side-diff.ts'
import { settle, type Steps } from './settle.ts'
import { structuredMergeDiff } from './structured-merge-diff.ts'
import { DiffError, type Sides, threeWayDiff } from './three-way.ts'
import { normalizeTracking } from './tracking.ts'

export interface CompareOptions {
  readonly rules: CompiledRules
  readonly mode: CompareMode
  /** The Application's compare option IncludeMutationWebhook; `exclude` is Argo CD's default. */
  readonly mutationWebhook?: 'exclude' | 'include'
}

/** No engine at hand knows what a rule does to this object. */
class UnverifiedError extends Error {}

/** util/argo/diff StateDiff: what Argo CD says of one resource. `target` is null for an object that Git no longer holds, `live` for one not yet created. */
export function compare(target: object | null, live: object | null, options: CompareOptions): Comparison | Promise<Comparison> {
  return settle(comparison(target as JsonMap | null, live as JsonMap | null, options))
}

function* comparison(target: JsonMap | null, live: JsonMap | null, options: CompareOptions): Steps<Comparison> {
  try {
    const sides = yield* diff(target, live, options)
    return answer(target, live, sides)
  } catch (error) {
    if (error instanceof DiffError) {
      const condition = `Failed to compare desired state to live state: ${error.message}`
      return { sync: 'Unknown', error: error.message, condition, scope: 'application' }
    }
    if (error instanceof PanicError) return { sync: 'panic', error: error.message }
    if (error instanceof UnverifiedError) return { sync: 'unverified', reason: error.message }
    throw error
  }
}

// state.go:980: modified, or one of the two is missing; an object that only live holds is OutOfSync too (it wants pruning)
function answer(target: JsonMap | null, live: JsonMap | null, sides: Sides): Comparison {
  const both = { normalizedLive: sides.live, predictedLive: sides.predicted }
  if (target !== null && live !== null && jsonEqual(sides.live, sides.predicted)) return { sync: 'Synced', ...both }
  const patch = sides.live === null || sides.predicted === null
    ? [{ op: 'replace' as const, path: '', value: sides.predicted }]
    : jsonPatch.compare(sides.live, sides.predicted)
  return { sync: 'OutOfSync', patch, ...both }
}

function* diff(target: JsonMap | null, live: JsonMap | null, options: CompareOptions): Steps<Sides> {
  const { rules, mode } = options
  const managed = normalizeManagers(normalizeTracking(target, live, rules.settings, rules.profile), target, rules)
  const { normalizer: compiled } = rules
  if (compiled.compiled === 'invalid') throw new DiffError(`failed to create diff normalizer: ${compiled.error}`)
  if (compiled.compiled === 'unverified') throw new UnverifiedError(compiled.reason)
  const prepare = preparation(rules, compiled.normalizer)
  try {
    const full = mode !== 'ssd' || rules.profile.dryRunSends === 'normalized configuration'
    const { emptyTimes } = rules.profile
    const inPart = (object: JsonMap): JsonMap => normalizeObject(remarshal(object, emptyTimes), rules.settings.ignoreAggregatedRoles, emptyTimes)
    const config = managed.target && (full ? yield* prepare(remarshal(managed.target, emptyTimes)) : inPart(managed.target))
    const current = managed.live && (full ? yield* prepare(remarshal(managed.live, emptyTimes)) : inPart(managed.live))
    if (managed.target === null || managed.live === null) return { live: managed.live && current, predicted: managed.target && config }
    // only up to 2.x, where the rules have been applied to what is sent
    if (mode === 'ssd' && !isObject(config)) throw new UnverifiedError('a rule takes the kind away from what is sent to the API server: what it answers was not recorded')
    if (mode === 'ssd') return yield* serverSideDiff({ config, stored: live ?? managed.live, live: current }, prepare, options)
    if (mode === 'smd' || hasSyncOption(config, 'ServerSideApply=true')) return structuredMergeDiff(config, current, rules)
    const original = lastAppliedOf(current)
    return original ? threeWayOrTwoWay(yield* prepare(original), config, current, rules) : threeWayDiff(config, config, current, rules.profile)
  } catch (error) {
    if (error instanceof DiffError) throw new DiffError(`failed to calculate diff: ${error.message}`)
    throw error
  }
}

function isObject(config: JsonMap | null): boolean {
  return nestedText(config, ['kind']) !== '' && nestedText(config, ['apiVersion']) !== ''
}

function threeWayOrTwoWay(original: JsonMap | null, config: JsonMap | null, live: JsonMap | null, rules: CompiledRules): Sides {
  try {
    return threeWayDiff(original, config, live, rules.profile)
  } catch (error) {
    if (error instanceof DiffError) return threeWayDiff(config, config, live, rules.profile)
    throw error
  }
}

/** diff.go Normalize on one object; its errors are only logged, but leave their mark on the object. */
export type Prepare = (object: JsonMap) => Steps<JsonMap | null>

function preparation(rules: CompiledRules, normalizer: IgnoreNormalizer): Prepare {
  return function* (object) {
    const normalized = yield* normalize(normalizeObject(object, rules.settings.ignoreAggregatedRoles, rules.profile.emptyTimes), normalizer)
    if (normalized.unverified !== undefined) throw new UnverifiedError(normalized.unverified)
    return normalized.object
  }
}

/** resource.HasAnnotationOption on argocd.argoproj.io/sync-options. */
export function hasSyncOption(object: JsonMap | null, option: string): boolean {
  const text = nested(object, ['metadata', 'annotations', 'argocd.argoproj.io/sync-options'])
  return typeof text === 'string' && text.split(',').some((item) => item.trim() === option)
}
