import type { Pointer } from '@rollsync/manifests'
import { mountGaps, validateMounts, validatePorts } from './container-fields.ts'
import { envGaps, validateEnv, validateEnvFrom } from './env.ts'
import { child, type FieldPath, item } from './field-path.ts'
import { isDns1123Label } from './kube-names.ts'
import { fieldAt, listAt, mapAt, numberAt, textAt } from './loose.ts'
import { validateHandler, validateProbe } from './probes.ts'
import { resourceGaps, validateResources } from './resources.ts'
import { securityGaps, validateContainerSecurity } from './security.ts'
import { duplicate, invalid, notSupported, type Subject, type ValidationError, withoutValue } from './validation-error.ts'

/** core/validation:3933 validateContainers */
export function validateContainers(subject: Subject, containers: readonly unknown[], volumes: ReadonlySet<string>, path: FieldPath): readonly ValidationError[] {
  if (containers.length === 0) return [withoutValue(subject, path, 'Required value', '')]
  const names = new Set<string>()
  const errors = containers.flatMap((container, index) => {
    const at = item(path, index)
    const name = textAt(container, 'name')
    const repeated = names.has(name)
    names.add(name)
    return [
      ...validateCommon(subject, container, volumes, at),
      ...(repeated ? [duplicate(subject, child(at, 'name'), name)] : []),
      ...validateLifecycle(subject, container, at),
      ...(fieldAt(container, 'restartPolicy') === undefined || !subject.texts.containerRestartPolicy ? []
        : [withoutValue(subject, child(at, 'restartPolicy'), 'Forbidden', 'may not be set for non-init containers')]),
    ]
  })
  return [...errors, ...validateHostPorts(subject, containers, path)]
}

/** core/validation:3721 validateInitContainers */
export function validateInitContainers(
  subject: Subject, containers: readonly unknown[], regular: readonly unknown[], volumes: ReadonlySet<string>, path: FieldPath,
): readonly ValidationError[] {
  const names = new Set(regular.map((container) => textAt(container, 'name')))
  return containers.flatMap((container, index) => {
    const at = item(path, index)
    const name = textAt(container, 'name')
    const repeated = names.has(name)
    if (name !== '') names.add(name)
    const sidecar = subject.texts.sidecars && textAt(container, 'restartPolicy') === 'Always'
    const forbidden = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'].filter((key) => mapAt(container, key) !== undefined)
    return [
      ...validateCommon(subject, container, volumes, at),
      ...(repeated ? [duplicate(subject, child(at, 'name'), name)] : []),
      ...validateHostPorts(subject, [container], path),
      ...(sidecar ? validateLifecycle(subject, container, at)
        : forbidden.map((key) => withoutValue(subject, child(at, key), 'Forbidden', subject.texts.initContainerProbe))),
    ]
  })
}

/** core/validation:3787 validateContainerCommon */
function validateCommon(subject: Subject, container: unknown, volumes: ReadonlySet<string>, path: FieldPath): readonly ValidationError[] {
  const name = textAt(container, 'name')
  const termination = textAt(container, 'terminationMessagePolicy')
  const pull = textAt(container, 'imagePullPolicy')
  return [
    ...(name === '' ? [withoutValue(subject, child(path, 'name'), 'Required value', '')]
      : isDns1123Label(name, subject.texts.labelDots).map((message) => invalid(subject, child(path, 'name'), name, message))),
    ...(textAt(container, 'image') === '' ? [withoutValue(subject, child(path, 'image'), 'Required value', '')] : []),
    ...(['', 'File', 'FallbackToLogsOnError'].includes(termination) ? [] : [notSupported(subject, child(path, 'terminationMessagePolicy'), termination, ['File', 'FallbackToLogsOnError'])]),
    ...validatePorts(subject, listAt(container, 'ports') ?? [], child(path, 'ports')),
    ...validateEnv(subject, listAt(container, 'env') ?? [], child(path, 'env')),
    ...validateEnvFrom(subject, listAt(container, 'envFrom') ?? [], child(path, 'envFrom')),
    ...validateMounts(subject, listAt(container, 'volumeMounts') ?? [], volumes, child(path, 'volumeMounts')),
    ...(['', 'Always', 'IfNotPresent', 'Never'].includes(pull) ? [] : [notSupported(subject, child(path, 'imagePullPolicy'), pull, ['Always', 'IfNotPresent', 'Never'])]),
    ...validateResources(subject, mapAt(container, 'resources'), child(path, 'resources')),
    ...validateContainerSecurity(subject, mapAt(container, 'securityContext'), child(path, 'securityContext')),
  ]
}

function validateLifecycle(subject: Subject, container: unknown, path: FieldPath): readonly ValidationError[] {
  const lifecycle = mapAt(container, 'lifecycle')
  return [
    ...['postStart', 'preStop'].flatMap((key) => mapAt(lifecycle, key) === undefined ? [] : validateHandler(subject, mapAt(lifecycle, key), child(path, 'lifecycle', key))),
    ...(['livenessProbe', 'readinessProbe', 'startupProbe'] as const).flatMap((kind) => validateProbe(subject, mapAt(container, kind), kind, child(path, kind))),
  ]
}

/** core/validation AccumulateUniqueHostPorts */
function validateHostPorts(subject: Subject, containers: readonly unknown[], path: FieldPath): readonly ValidationError[] {
  const seen = new Set<string>()
  return containers.flatMap((container, index) => (listAt(container, 'ports') ?? []).flatMap((port, at) => {
    const host = numberAt(port, 'hostPort') ?? 0
    const text = `${textAt(port, 'protocol') || 'TCP'}/${textAt(port, 'hostIP')}/${host}`
    if (host === 0) return []
    if (seen.has(text)) return [duplicate(subject, child(item(child(item(path, index), 'ports'), at), 'hostPort'), text)]
    seen.add(text)
    return []
  }))
}

const known = new Set(['name', 'image', 'command', 'args', 'workingDir', 'ports', 'env', 'volumeMounts', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle', 'terminationMessagePath',
  'terminationMessagePolicy', 'imagePullPolicy', 'stdin', 'stdinOnce', 'tty', 'restartPolicy', 'resources', 'envFrom', 'securityContext'])

export function containerGaps(container: unknown, path: FieldPath): readonly Pointer[] {
  if (typeof container !== 'object' || container === null) return [path.pointer]
  const others = Object.keys(container).filter((key) => !known.has(key) && !isEmpty(fieldAt(container, key))).map((key) => child(path, key).pointer)
  return [
    ...others, ...envGaps(listAt(container, 'env') ?? [], child(path, 'env')), ...mountGaps(listAt(container, 'volumeMounts') ?? [], child(path, 'volumeMounts')),
    ...resourceGaps(mapAt(container, 'resources'), child(path, 'resources')), ...securityGaps(mapAt(container, 'securityContext'), child(path, 'securityContext')),
  ]
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0)
}
