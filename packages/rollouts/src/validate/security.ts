import type { Pointer } from '@rollsync/manifests'
import { validateDescendingPath } from './container-fields.ts'
import { child, type FieldPath, item } from './field-path.ts'
import { seccompProfile, securityContext } from './go-types.ts'
import { fieldAt, type Json, listAt, mapAt, textAt } from './loose.ts'
import { invalid, notSupported, type Subject, type TypedValue, type ValidationError, withoutValue } from './validation-error.ts'

/** core/validation:8053 ValidateSecurityContext of a container. Privileged ones are allowed. */
export function validateContainerSecurity(subject: Subject, context: Json | undefined, path: FieldPath): readonly ValidationError[] {
  if (context === undefined) return []
  return [
    ...['runAsUser', 'runAsGroup'].flatMap((key) => validateId(subject, fieldAt(context, key), child(path, key))),
    ...validateSeccomp(subject, context, path),
    ...validateEscalation(subject, context, path),
  ]
}

function validateEscalation(subject: Subject, context: Json, path: FieldPath): readonly ValidationError[] {
  if (fieldAt(context, 'allowPrivilegeEscalation') !== false) return []
  // Before 1.10 the controller takes the setting away (validation.go removeSecurityContextPrivileged).
  const privileged = fieldAt(context, 'privileged') === true
  const seen = privileged && !subject.texts.seesPrivileged ? Object.fromEntries(Object.entries(context).filter(([key]) => key !== 'privileged')) : context
  const refused = (what: string): ValidationError => invalid(subject, path, printedContext(subject, seen), `cannot set \`allowPrivilegeEscalation\` to false and ${what}`)
  const admin = (listAt(mapAt(context, 'capabilities'), 'add') ?? []).filter((capability) => capability === 'CAP_SYS_ADMIN')
  return [...(privileged && subject.texts.seesPrivileged ? [refused('`privileged` to true')] : []), ...admin.map(() => refused('`capabilities.Add` CAP_SYS_ADMIN'))]
}

function printedContext(subject: Subject, context: Json): TypedValue {
  return { value: context, type: securityContext(subject.texts.badValues === 'json') }
}

/** core/validation:5405 validatePodSpecSecurityContext. The host's namespaces get lost on the way into the library, and so does what it says of them. */
export function validatePodSecurity(subject: Subject, context: Json | undefined, path: FieldPath): readonly ValidationError[] {
  if (context === undefined) return []
  const policy = fieldAt(context, 'fsGroupChangePolicy')
  return [
    ...['fsGroup', 'runAsUser', 'runAsGroup'].flatMap((key) => validateId(subject, fieldAt(context, key), child(path, key))),
    ...(listAt(context, 'supplementalGroups') ?? []).flatMap((group, index) => validateId(subject, group, item(child(path, 'supplementalGroups'), index))),
    ...(typeof policy !== 'string' || ['Always', 'OnRootMismatch'].includes(policy) ? [] : [notSupported(subject, child(path, 'fsGroupChangePolicy'), policy, ['Always', 'OnRootMismatch'])]),
    ...validateSeccomp(subject, context, path),
  ]
}

/** apimachinery util/validation IsValidUserID and IsValidGroupID */
function validateId(subject: Subject, id: unknown, path: FieldPath): readonly ValidationError[] {
  return typeof id !== 'number' || (id >= 0 && id <= 2147483647) ? [] : [invalid(subject, path, id, 'must be between 0 and 2147483647, inclusive')]
}

const seccompTypes = ['Localhost', 'RuntimeDefault', 'Unconfined']

/** core/validation:5121 validateSeccompProfileField */
function validateSeccomp(subject: Subject, context: Json, path: FieldPath): readonly ValidationError[] {
  const profile = mapAt(context, 'seccompProfile')
  if (profile === undefined) return []
  const at = child(path, 'seccompProfile')
  const type = textAt(profile, 'type')
  return [
    ...(type === '' ? [withoutValue(subject, child(at, 'type'), 'Required value', 'type is required when seccompProfile is set')] : []),
    ...(type === '' || seccompTypes.includes(type) ? [] : [notSupported(subject, child(at, 'type'), type, seccompTypes)]),
    ...validateLocalProfile(subject, profile, type, child(at, 'localhostProfile')),
  ]
}

function validateLocalProfile(subject: Subject, profile: Json, type: string, path: FieldPath): readonly ValidationError[] {
  const file = fieldAt(profile, 'localhostProfile')
  if (type === 'Localhost') {
    return typeof file === 'string' ? validateDescendingPath(subject, file, path) : [withoutValue(subject, path, 'Required value', 'must be set when seccomp type is Localhost')]
  }
  return typeof file === 'string' ? [invalid(subject, path, { value: profile, type: seccompProfile }, 'can only be set when seccomp type is Localhost')] : []
}

const unseen = ['procMount', 'windowsOptions', 'appArmorProfile', 'sysctls', 'supplementalGroupsPolicy', 'seLinuxChangePolicy']

export function securityGaps(context: Json | undefined, path: FieldPath): readonly Pointer[] {
  return unseen.filter((key) => fieldAt(context, key) !== undefined).map((key) => child(path, key).pointer)
}
