import { groupOf } from '@rollsync/manifests'
import { globMatches } from './glob.ts'
import { GoDecodeError } from './go-json.ts'
import type { IgnoreDifference } from './ignore-difference.ts'
import type { JqAnswer, JqEngine } from './jq/engine.ts'
import { isJsonMap, type JsonMap, nested, textAt } from './json-map.ts'
import { type KnownTypeField, knownTypeFields, normalizeKnownType } from './known-types.ts'
import { type ReadPointer, readPointer, removePointer } from './remove-pointer.ts'
import { arrived, type Steps } from './settle.ts'
import type { EmptyTimes } from './schema.ts'
import type { Override } from './settings.ts'

type Patch = { readonly by: 'pointer'; readonly pointer: ReadPointer } | { readonly by: 'jq'; readonly expression: string }
interface Selected { readonly group: string; readonly kind: string; readonly name: string; readonly namespace: string; readonly patch: Patch }

/** The ignore rules of the Application and of the settings, checked, in the order in which they are applied. */
export interface IgnoreNormalizer {
  readonly patches: readonly Selected[]
  readonly fields: ReadonlyMap<string, readonly KnownTypeField[]>
  readonly jq: JqEngine
  readonly emptyTimes: EmptyTimes
}

/** `invalid`: one expression does not parse or compile, and the whole Application is Unknown. `unverified`: no engine at hand can say. */
export type CompiledNormalizer =
  | { readonly compiled: 'normalizer'; readonly normalizer: IgnoreNormalizer }
  | { readonly compiled: 'invalid'; readonly error: string }
  | { readonly compiled: 'unverified'; readonly reason: string }

/**
 * `object` is null where a rule has removed everything. `error` aborts a sync with RespectIgnoreDifferences and is only logged in a comparison.
 * `swallowed` are the errors that Argo CD logs at debug level, in order.
 */
export interface Normalized {
  readonly object: JsonMap | null
  readonly error?: string
  readonly unverified?: string
  readonly swallowed: readonly string[]
}

/** diff_normalizer.go NewIgnoreNormalizer: application rules first, then those of the settings. */
export function* compileNormalizer(
  rules: readonly IgnoreDifference[], overrides: ReadonlyMap<string, Override>, { jq, emptyTimes }: Pick<IgnoreNormalizer, 'jq' | 'emptyTimes'>,
): Steps<CompiledNormalizer> {
  const all: IgnoreDifference[] = [...rules]
  for (const [key, { jsonPointers, jqPathExpressions }] of overrides) {
    const slash = key.indexOf('/')
    const selector = { group: key.slice(0, Math.max(slash, 0)), kind: key.slice(slash + 1) }
    if (jsonPointers.length + jqPathExpressions.length > 0) all.push({ ...selector, jsonPointers, jqPathExpressions })
  }
  const patches: Selected[] = []
  for (const { group = '', kind, name = '', namespace = '', jsonPointers = [], jqPathExpressions = [] } of all) {
    for (const pointer of jsonPointers) patches.push({ group, kind, name, namespace, patch: { by: 'pointer', pointer: readPointer(pointer) } })
    for (const expression of jqPathExpressions) {
      const checked = yield* arrived(jq.check(expression))
      if ('answer' in checked) {
        return checked.answer === 'invalid' ? { compiled: 'invalid', error: checked.error } : { compiled: 'unverified', reason: checked.reason }
      }
      patches.push({ group, kind, name, namespace, patch: { by: 'jq', expression } })
    }
  }
  return { compiled: 'normalizer', normalizer: { patches, fields: knownTypeFields(overrides), jq, emptyTimes } }
}

/** composableNormalizer: the ignore rules that match, then the known types. */
export function* normalize(object: JsonMap, normalizer: IgnoreNormalizer): Steps<Normalized> {
  const ignored = yield* applyRules(object, normalizer)
  if (ignored.error !== undefined || ignored.unverified !== undefined || ignored.object === null) return ignored
  const fields = normalizer.fields.get(`${groupOf(textAt(ignored.object, 'apiVersion'))}/${textAt(ignored.object, 'kind')}`)
  if (!fields) return ignored
  try {
    return { ...ignored, object: fields.reduce((object, field) => normalizeKnownType(object, field, normalizer.emptyTimes), ignored.object) }
  } catch (error) {
    if (error instanceof GoDecodeError) return { ...ignored, error: error.message }
    throw error
  }
}

/** diff_normalizer.go Normalize: the matching rules alone, each on what the one before left. */
export function* applyRules(object: JsonMap, normalizer: IgnoreNormalizer): Steps<Normalized> {
  const matching = normalizer.patches.filter((patch) => matches(patch, object))
  const swallowed: string[] = []
  let document: unknown = object
  for (const { patch } of matching) {
    if (patch.by === 'pointer') {
      const removal = removePointer(document, patch.pointer)
      if (removal.removal === 'done') document = removal.object
      else if (removal.removal === 'failed') swallowed.push(removal.error)
      continue
    }
    const answer: JqAnswer = yield* arrived(normalizer.jq.del(patch.expression, document ?? {}))
    if (answer.answer === 'unverified') return { object, unverified: answer.reason, swallowed }
    // null is taken for a nil map, on which expressions run; what is left of it is written as null again
    if (answer.answer === 'object') document = document === null ? null : answer.object
    else swallowed.push(answer.error)
  }
  if (matching.length === 0) return { object, swallowed }
  if (document !== null && !isJsonMap(document)) return { object, error: 'json: cannot unmarshal into Go value of type map[string]interface {}', swallowed }
  // unstructured.UnmarshalJSON takes the object over before it misses the kind
  if (document === null || textAt(document, 'kind') === '') {
    return { object: document, error: `Object 'Kind' is missing in '${JSON.stringify(sorted(document))}'`, swallowed }
  }
  return { object: document, swallowed }
}

function matches(patch: Selected, object: JsonMap): boolean {
  return globMatches(patch.group, groupOf(textAt(object, 'apiVersion'))) && globMatches(patch.kind, textAt(object, 'kind'))
    && (patch.name === '' || patch.name === nested(object, ['metadata', 'name']))
    && (patch.namespace === '' || patch.namespace === nested(object, ['metadata', 'namespace']))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  return isJsonMap(value) ? Object.fromEntries(Object.keys(value).toSorted().map((key) => [key, sorted(value[key])])) : value
}
