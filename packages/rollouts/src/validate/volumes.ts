import type { Pointer } from '@rollsync/manifests'
import { child, type FieldPath, item } from './field-path.ts'
import { isDns1123Label } from './kube-names.ts'
import { fieldAt, mapAt, textAt } from './loose.ts'
import { duplicate, invalid, type Subject, type ValidationError, withoutValue } from './validation-error.ts'

// core/validation:510 validateVolumeSource looks at them in this order.
const sources = ['emptyDir', 'hostPath', 'gitRepo', 'gcePersistentDisk', 'awsElasticBlockStore', 'secret', 'nfs', 'iscsi', 'glusterfs', 'flocker', 'persistentVolumeClaim', 'rbd', 'cinder',
  'cephfs', 'quobyte', 'downwardAPI', 'fc', 'azureFile', 'configMap', 'vsphereVolume', 'photonPersistentDisk', 'portworxVolume', 'azureDisk', 'storageos', 'projected', 'scaleIO', 'csi',
  'ephemeral', 'image'] as const

/** core/validation:411 ValidateVolumes: names, and that each has one source. */
export function validateVolumes(subject: Subject, volumes: readonly unknown[], path: FieldPath): readonly ValidationError[] {
  const names = new Set<string>()
  return volumes.flatMap((volume, index) => {
    const errors = validateVolume(subject, volume, names, item(path, index))
    if (errors.length === 0) names.add(textAt(volume, 'name'))
    return errors
  })
}

/** The names of the volumes that are valid: only these can be mounted. */
export function volumeNames(subject: Subject, volumes: readonly unknown[], path: FieldPath): ReadonlySet<string> {
  const names = new Set<string>()
  for (const [index, volume] of volumes.entries()) if (validateVolume(subject, volume, names, item(path, index)).length === 0) names.add(textAt(volume, 'name'))
  return names
}

function validateVolume(subject: Subject, volume: unknown, names: ReadonlySet<string>, path: FieldPath): readonly ValidationError[] {
  const name = textAt(volume, 'name')
  const at = child(path, 'name')
  return [
    ...validateSource(subject, volume, path),
    ...(name === '' ? [withoutValue(subject, at, 'Required value', '')] : isDns1123Label(name, subject.texts.labelDots).map((message) => invalid(subject, at, name, message))),
    ...(names.has(name) ? [duplicate(subject, at, name)] : []),
  ]
}

function validateSource(subject: Subject, volume: unknown, path: FieldPath): readonly ValidationError[] {
  const given = sources.filter((source) => mapAt(volume, source) !== undefined)
  const [first, ...others] = given
  // k8s.io/kubernetes core/v1 SetDefaults_Volume: a volume without a source is an emptyDir.
  if (first === undefined) return []
  return [
    ...validateRequired(subject, volume, first, child(path, first)),
    ...others.map((source) => withoutValue(subject, child(path, source), 'Forbidden', 'may not specify more than 1 volume type')),
  ]
}

/** The one field that each of the usual sources must have. */
function validateRequired(subject: Subject, volume: unknown, source: string, path: FieldPath): readonly ValidationError[] {
  const key = requiredField.get(source)
  if (key === undefined || textAt(mapAt(volume, source), key) !== '') return []
  return [withoutValue(subject, child(path, key), 'Required value', '')]
}

const requiredField = new Map([['hostPath', 'path'], ['secret', 'secretName'], ['configMap', 'name'], ['persistentVolumeClaim', 'claimName']])
const plain = new Map([['emptyDir', new Set(['medium'])], ['hostPath', new Set<string>()], ['secret', new Set(['secretName', 'optional'])], ['configMap', new Set(['name', 'optional'])],
  ['persistentVolumeClaim', new Set(['claimName', 'readOnly'])]])

export function volumeGaps(volumes: readonly unknown[], path: FieldPath): readonly Pointer[] {
  return volumes.flatMap((volume, index) => sources.flatMap((source) => {
    const value = mapAt(volume, source)
    if (value === undefined) return []
    const known = plain.get(source)
    const at = child(item(path, index), source)
    if (known === undefined) return [at.pointer]
    return Object.keys(value).filter((key) => !known.has(key) && fieldAt(value, key) !== undefined).map((key) => child(at, key).pointer)
  }))
}
