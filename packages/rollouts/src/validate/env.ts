import type { Pointer } from '@rollsync/manifests'
import { child, type FieldPath, item } from './field-path.ts'
import { isConfigMapKey, isDns1123Subdomain, isEnvVarName, isQualifiedName } from './kube-names.ts'
import { fieldAt, mapAt, textAt } from './loose.ts'
import { isUnreadDivisor, validateResourceField } from './resource-field.ts'
import { invalid, notSupported, type Subject, type ValidationError, withoutValue } from './validation-error.ts'

/** core/validation:2686 ValidateEnv */
export function validateEnv(subject: Subject, variables: readonly unknown[], path: FieldPath): readonly ValidationError[] {
  return variables.flatMap((variable, index) => {
    const at = item(path, index)
    const name = textAt(variable, 'name')
    return [
      ...(name === '' ? [withoutValue(subject, child(at, 'name'), 'Required value', '')]
        : isEnvVarName(name).map((message) => invalid(subject, child(at, 'name'), name, message))),
      ...validateSource(subject, variable, child(at, 'valueFrom')),
    ]
  })
}

const keyRefs = ['configMapKeyRef', 'secretKeyRef'] as const

/** core/validation:2735 validateEnvVarValueFrom */
function validateSource(subject: Subject, variable: unknown, path: FieldPath): readonly ValidationError[] {
  const from = mapAt(variable, 'valueFrom')
  if (from === undefined) return []
  const given = ['fieldRef', 'resourceFieldRef', ...keyRefs, 'fileKeyRef'].filter((key) => mapAt(from, key) !== undefined)
  const errors = [
    ...validateFieldRef(subject, mapAt(from, 'fieldRef'), child(path, 'fieldRef')),
    ...validateResourceField(subject, mapAt(from, 'resourceFieldRef'), child(path, 'resourceFieldRef')),
    ...keyRefs.flatMap((key) => validateKeyRef(subject, mapAt(from, key), child(path, key))),
  ]
  if (given.length === 0) return [...errors, invalid(subject, path, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`')]
  if (textAt(variable, 'value') !== '') return [...errors, invalid(subject, path, '', 'may not be specified when `value` is not empty')]
  return given.length > 1 ? [...errors, invalid(subject, path, '', 'may not have more than one field specified at a time')] : errors
}

/** core/validation validateConfigMapKeySelector and validateSecretKeySelector */
function validateKeyRef(subject: Subject, ref: unknown, path: FieldPath): readonly ValidationError[] {
  if (ref === undefined) return []
  const [name, key] = [textAt(ref, 'name'), textAt(ref, 'key')]
  return [
    ...isDns1123Subdomain(name).map((message) => invalid(subject, child(path, 'name'), name, message)),
    ...(key === '' ? [withoutValue(subject, child(path, 'key'), 'Required value', '')] : isConfigMapKey(key).map((message) => invalid(subject, child(path, 'key'), key, message))),
  ]
}

/** core/validation validateObjectFieldSelector and pods/helpers.go ConvertDownwardAPIFieldLabel */
function validateFieldRef(subject: Subject, ref: unknown, path: FieldPath): readonly ValidationError[] {
  if (ref === undefined) return []
  const text = textAt(ref, 'fieldPath')
  const at = child(path, 'fieldPath')
  if (text === '') return [withoutValue(subject, at, 'Required value', '')]
  const version = textAt(ref, 'apiVersion') || 'v1'
  const refused = (why: string): readonly ValidationError[] => [invalid(subject, at, text, `error converting fieldPath: ${why}`)]
  if (version !== 'v1') return refused(`unsupported pod version: ${version}`)
  const [, name, key = ''] = /^(.+?)\['(.*)'\]$/s.exec(text) ?? []
  if (name === undefined) return validatePlainPath(subject, text, path, refused)
  if (name !== 'metadata.annotations' && name !== 'metadata.labels') return refused(`field label does not support subscript: ${text}`)
  const subscript = name === 'metadata.labels' ? key : key.toLowerCase()
  return isQualifiedName(subscript).map((message) => invalid(subject, { field: path.field, pointer: at.pointer }, subscript, message))
}

const converted = ['metadata.annotations', 'metadata.labels', 'spec.restartPolicy', 'spec.schedulerName', 'status.phase']

function validatePlainPath(subject: Subject, text: string, path: FieldPath, refused: (why: string) => readonly ValidationError[]): readonly ValidationError[] {
  const label = text === 'spec.host' ? 'spec.nodeName' : text
  const { envFields, hostIPsGated } = subject.texts
  if (hostIPsGated && label === 'status.hostIPs') return [withoutValue(subject, path, 'Forbidden', "may not be set when feature gate 'PodHostIPs' is not enabled")]
  if (envFields.includes(label)) return []
  // SplitMaybeSubscriptedPath gives no path for a label without a subscript: the unsupported one is printed whole
  return converted.includes(label) ? [notSupported(subject, child(path, 'fieldPath'), label, envFields)] : refused(`field label not supported: ${text}`)
}

/** core/validation ValidateEnvFrom: what is wrong with the number of sources is said of the whole list. */
export function validateEnvFrom(subject: Subject, sources: readonly unknown[], path: FieldPath): readonly ValidationError[] {
  return sources.flatMap((source, index) => {
    const at = item(path, index)
    const prefix = textAt(source, 'prefix')
    const given = (['configMapRef', 'secretRef'] as const).filter((key) => mapAt(source, key) !== undefined)
    const whole = { field: path.field, pointer: at.pointer }
    return [
      ...(prefix === '' ? [] : isEnvVarName(prefix).map((message) => invalid(subject, child(at, 'prefix'), prefix, message))),
      ...given.flatMap((key) => validateName(subject, textAt(mapAt(source, key), 'name'), child(at, key, 'name'))),
      ...(given.length === 0 ? [invalid(subject, whole, '', 'must specify one of: `configMapRef` or `secretRef`')] : []),
      ...(given.length > 1 ? [invalid(subject, whole, '', 'may not have more than one field specified at a time')] : []),
    ]
  })
}

/** A name that may be a prefix: a dash at its end counts as a letter (apimachinery maskTrailingDash). */
function validateName(subject: Subject, name: string, path: FieldPath): readonly ValidationError[] {
  if (name === '') return [withoutValue(subject, path, 'Required value', '')]
  return isDns1123Subdomain(name.length > 1 ? name.replace(/-$/, 'a') : name).map((message) => invalid(subject, path, name, message))
}

export function envGaps(variables: readonly unknown[], path: FieldPath): readonly Pointer[] {
  return variables.flatMap((variable, index) => {
    const from = mapAt(variable, 'valueFrom')
    const at = child(item(path, index), 'valueFrom')
    return [
      ...(fieldAt(from, 'fileKeyRef') === undefined ? [] : [child(at, 'fileKeyRef').pointer]),
      ...(isUnreadDivisor(mapAt(from, 'resourceFieldRef')) ? [child(at, 'resourceFieldRef', 'divisor').pointer] : []),
    ]
  })
}
