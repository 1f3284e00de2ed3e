import type { CompiledRules } from './compile-rules.ts'
import { decodeErrorText } from './go-decode-error.ts'
import { GoDecodeError, throughGo } from './go-json.ts'
import { isJsonMap, type JsonMap, textAt, without } from './json-map.ts'
import { lastAppliedAnnotation } from './last-applied.ts'
import { nilPointer, PanicError } from './managed-fields.ts'
import { argocdApplier, ownersError, ownersOf } from './managers.ts'
import { shapeOfObject } from './object-shape.ts'
import { builtInType, type EmptyTimes, type Shape } from './schema.ts'
import { applySchemeDefaults, defaultedAs } from './scheme-defaults.ts'
import { dialectOf } from './structured/dialect.ts'
import { StructuredMergeError, type TypedValue } from './structured/typed-value.ts'
import { applyTyped, saying } from './structured/update.ts'
import { asTyped } from './structured/validate.ts'
import { StrategicMergeError } from './strategic-merge.ts'
import { DiffError, type Sides } from './three-way.ts'

/** diff.go StructuredMergeDiff: what an apply of argocd-controller would make of live. */
export function structuredMergeDiff(config: JsonMap | null, live: JsonMap | null, rules: CompiledRules): Sides {
  const shape = config === null ? undefined : shapeOfObject(config, rules.schemas)
  if (!shape) {
    if (rules.profile.era === '2.10') throw new PanicError(nilPointer)
    throw new DiffError(`error calculating structured merge diff: unable to resolve parseableType for GroupVersionKind: ${gvkText(config)}`)
  }
  const dialect = dialectOf(rules.profile)
  try {
    const typedLive = checked('live', live, shape)
    const typedConfig = checked('config', config, shape)
    const owners = ownersOf(live ?? {})
    const unreadable = ownersError(live ?? {})
    if (unreadable !== undefined) throw new StructuredMergeError(`error calculating diff: error decoding managed fields: ${unreadable}`)
    const failure = 'error calculating diff: error while running updater.Apply'
    const applied = saying(failure, () => applyTyped(typedLive, typedConfig, owners, argocdApplier, dialect))
    if (applied.changed === 'no') return { live, predicted: live }
    return { predicted: normalizeTyped(applied.object, 'predicted live', rules.profile.emptyTimes), live: normalizeTyped(typedLive, 'live', rules.profile.emptyTimes) }
  } catch (error) {
    const known = error instanceof StructuredMergeError || error instanceof StrategicMergeError
    if (known) throw new DiffError(`error calculating structured merge diff: ${error.message}`)
    throw error
  }

  function checked(side: 'live' | 'config', object: JsonMap | null, of: Shape): TypedValue {
    return saying(`error building typed value from ${side} resource`, () => asTyped(object, of, 'refused', dialect))
  }
}

// diff.go normalizeTypedValue: the last applied configuration goes, defaults come
function normalizeTyped(typed: TypedValue, side: 'predicted live' | 'live', emptyTimes: EmptyTimes): JsonMap | null {
  if (!isJsonMap(typed.value)) return null
  const failure = `error applying default values in ${side}`
  const object = without(typed.value, ['metadata', 'annotations', lastAppliedAnnotation])
  refuseUnreadable(object, failure)
  return applySchemeDefaults(object, defaultedAs(object, emptyTimes), {
    making: `${failure}: error applying defaults: error generating patch for default values: failed to create two way merge patch`,
    applying: `${failure}: error applying defaults: error applying patch for default values`,
  })
}

/** What the schema takes for any scalar may still not be a quantity, a time or bytes to the Go type. */
function refuseUnreadable(object: JsonMap, failure: string): void {
  const type = builtInType(textAt(object, 'apiVersion'), textAt(object, 'kind'))
  if (!type) return
  try {
    throughGo(type, object, 'lax', 'skip')
  } catch (error) {
    throw error instanceof GoDecodeError ? new StrategicMergeError(`${failure}: error unmarshaling merged bytes into object: ${decodeErrorText(type, object, error.message)}`) : error
  }
}

/** A GroupVersionKind as Go prints it: `apps/v1, Kind=Deployment`, `/v1, Kind=Service`. */
export function gvkText(object: JsonMap | null): string {
  const apiVersion = object === null ? '' : textAt(object, 'apiVersion')
  const kind = object === null ? '' : textAt(object, 'kind')
  return `${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`
}
