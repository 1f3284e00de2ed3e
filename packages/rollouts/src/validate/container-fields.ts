import type { Pointer } from '@rollsync/manifests'
import { child, type FieldPath, item } from './field-path.ts'
import { isValidPortName, isValidPortNumber } from './kube-names.ts'
import { fieldAt, numberAt, textAt } from './loose.ts'
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
      // The library leaves the index of the mount out.
      ...validateDescendingPath(subject, textAt(mount, 'subPath'), { field: child(path, 'subPath').field, pointer: child(at, 'subPath').pointer }),
    ]
  })
}

/** core/validation validateLocalDescendingPath */
export function validateDescendingPath(subject: Subject, subPath: string, path: FieldPath): readonly ValidationError[] {
  return [
    ...(subPath.startsWith('/') ? [invalid(subject, path, subPath, 'must be a relative path')] : []),
    ...(subPath.split('/').includes('..') ? [invalid(subject, path, subPath, "must not contain '..'")] : []),
  ]
}

export function mountGaps(mounts: readonly unknown[], path: FieldPath): readonly Pointer[] {
  return mounts.flatMap((mount, index) => ['subPathExpr', 'mountPropagation', 'recursiveReadOnly'].filter((key) => fieldAt(mount, key) !== undefined)
    .map((key) => child(item(path, index), key).pointer))
}
