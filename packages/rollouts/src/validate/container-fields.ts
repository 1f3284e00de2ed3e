import { child, type FieldPath, item } from './field-path.ts'
import { isEnvVarName, isValidPortName, isValidPortNumber } from './kube-names.ts'
import { mapAt, numberAt, textAt } from './loose.ts'
import { duplicate, invalid, notFound, notSupported, type Subject, type ValidationError, withoutValue } from './validation-error.ts'

/** core/validation:2647 validateContainerPorts */
export function validatePorts(subject: Subject, ports: readonly unknown[], path: FieldPath): readonly ValidationError[] {
  const names = new Set<string>()
  return ports.flatMap((port, index) => {
    const at = item(path, index)
    const number = numberAt(port, 'containerPort') ?? 0
    const host = numberAt(port, 'hostPort') ?? 0
    const protocol = textAt(port, 'protocol') || 'TCP'
    return [
      ...validatePortName(subject, textAt(port, 'name'), names, child(at, 'name')),
      ...(number === 0 ? [withoutValue(subject, child(at, 'containerPort'), 'Required value', '')]
        : isValidPortNumber(number).map((message) => invalid(subject, child(at, 'containerPort'), number, message))),
      ...(host === 0 ? [] : isValidPortNumber(host).map((message) => invalid(subject, child(at, 'hostPort'), host, message))),
      ...(['SCTP', 'TCP', 'UDP'].includes(protocol) ? [] : [notSupported(subject, child(at, 'protocol'), protocol, ['SCTP', 'TCP', 'UDP'])]),
    ]
  })
}

function validatePortName(subject: Subject, name: string, names: Set<string>, path: FieldPath): readonly ValidationError[] {
  if (name === '') return []
  const messages = isValidPortName(name)
  if (messages.length > 0) return messages.map((message) => invalid(subject, path, name, message))
  if (names.has(name)) return [duplicate(subject, path, name)]
  names.add(name)
  return []
}

const keyRefs = ['configMapKeyRef', 'secretKeyRef'] as const

/** core/validation:2686 ValidateEnv: names, and that a value has one source. */
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

function validateSource(subject: Subject, variable: unknown, path: FieldPath): readonly ValidationError[] {
  const from = mapAt(variable, 'valueFrom')
  if (from === undefined) return []
  const given = ['fieldRef', 'resourceFieldRef', ...keyRefs].filter((key) => mapAt(from, key) !== undefined)
  const errors = keyRefs.flatMap((key) => {
    const ref = mapAt(from, key)
    if (ref === undefined || textAt(ref, 'key') !== '') return []
    return [withoutValue(subject, child(path, key, 'key'), 'Required value', '')]
  })
  if (given.length === 0) return [...errors, invalid(subject, path, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`')]
  if (textAt(variable, 'value') !== '') return [...errors, invalid(subject, path, '', 'may not be specified when `value` is not empty')]
  return given.length > 1 ? [...errors, invalid(subject, path, '', 'may not have more than one field specified at a time')] : errors
}

/** core/validation:3030 ValidateVolumeMounts */
export function validateMounts(subject: Subject, mounts: readonly unknown[], volumes: ReadonlySet<string>, path: FieldPath): readonly ValidationError[] {
  const points = new Set<string>()
  return mounts.flatMap((mount, index) => {
    const at = item(path, index)
    const name = textAt(mount, 'name')
    const point = textAt(mount, 'mountPath')
    const repeated = points.has(point)
    points.add(point)
    return [
      ...(name === '' ? [withoutValue(subject, child(at, 'name'), 'Required value', '')] : []),
      ...(volumes.has(name) ? [] : [notFound(subject, child(at, 'name'), name)]),
      ...(point === '' ? [withoutValue(subject, child(at, 'mountPath'), 'Required value', '')] : []),
      ...(repeated ? [invalid(subject, child(at, 'mountPath'), point, 'must be unique')] : []),
    ]
  })
}

