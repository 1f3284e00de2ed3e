import type { Pointer } from '@rollsync/manifests'
import type { PodTemplate, Rollout } from '../rollout.ts'
import { affinityGaps, labelKeyGaps, validateAffinity } from './affinity.ts'
import { containerGaps, validateContainers, validateInitContainers } from './containers.ts'
import { validateDns, validateHostAliases } from './dns.ts'
import { child, fieldPath, type FieldPath, item } from './field-path.ts'
import { textMap } from './go-types.ts'
import { isDns1123Label, isDns1123Subdomain, isQualifiedName } from './kube-names.ts'
import { validateLabels } from './labels.ts'
import { fieldAt, type Json, listAt, mapAt, numberAt, textAt, textsAt } from './loose.ts'
import { securityGaps, validatePodSecurity } from './security.ts'
import { validateTolerations } from './tolerations.ts'
import { validateTopology } from './topology.ts'
import { invalid, notSupported, type Subject, type ValidationError, withoutValue } from './validation-error.ts'
import { validateVolumes, volumeGaps, volumeNames } from './volumes.ts'

/** k8s.io/kubernetes apps/validation ValidatePodTemplateSpecForReplicaSet, after the controller's defaults. What is not modelled is named by `templateGaps`. */
export function validatePodTemplate(subject: Subject, template: PodTemplate | undefined, selected: 'all' | 'matches' | 'differs', path: FieldPath): readonly ValidationError[] {
  const metadata = mapAt(template, 'metadata')
  const spec = mapAt(template, 'spec') ?? {}
  // Re-marshalled: an empty map is nil.
  const labels = Object.keys(mapAt(metadata, 'labels') ?? {}).length === 0 ? undefined : mapAt(metadata, 'labels')
  const policy = textAt(spec, 'restartPolicy') || 'Always'
  return [
    ...(selected === 'differs' ? [invalid(subject, child(path, 'metadata', 'labels'), { value: labels, type: textMap }, '`selector` does not match template `labels`')] : []),
    // core/validation:6798: the controller leaves `metadata` out of these two.
    ...validateLabels(subject, textsAt(metadata, 'labels'), { field: child(path, 'labels').field, pointer: child(path, 'metadata', 'labels').pointer }),
    ...validateAnnotations(subject, textsAt(metadata, 'annotations'), { field: child(path, 'annotations').field, pointer: child(path, 'metadata', 'annotations').pointer }),
    ...validatePodSpec(subject, spec, child(path, 'spec')),
    ...(policy === 'Always' ? [] : [notSupported(subject, child(path, 'spec', 'restartPolicy'), policy, ['Always'])]),
    ...(fieldAt(spec, 'activeDeadlineSeconds') === undefined ? []
      : [withoutValue(subject, child(path, 'spec', 'activeDeadlineSeconds'), 'Forbidden', 'activeDeadlineSeconds in ReplicaSet is not Supported')]),
  ]
}

/** apimachinery api/validation ValidateAnnotations. Go looks at them in random order; here by key. */
function validateAnnotations(subject: Subject, annotations: Readonly<Record<string, string>>, path: FieldPath): readonly ValidationError[] {
  const errors = Object.keys(annotations).sort().flatMap((key) => isQualifiedName(key.toLowerCase())
    .map((message) => invalid(subject, { field: path.field, pointer: child(path, key).pointer }, key, message)))
  const size = Object.entries(annotations).reduce((sum, [key, value]) => sum + new TextEncoder().encode(key + value).length, 0)
  if (size <= 262144) return errors
  return [...errors, withoutValue(subject, path, 'Too long', subject.texts.badValues === 'json' ? 'may not be more than 262144 bytes' : 'must have at most 262144 bytes')]
}

/** core/validation:4507 ValidatePodSpec, in its order */
function validatePodSpec(subject: Subject, spec: Json, path: FieldPath): readonly ValidationError[] {
  const volumes = volumeNames(subject, listAt(spec, 'volumes') ?? [], child(path, 'volumes'))
  return [
    ...validateVolumes(subject, listAt(spec, 'volumes') ?? [], child(path, 'volumes')),
    ...validateContainers(subject, listAt(spec, 'containers') ?? [], volumes, child(path, 'containers')),
    ...validateInitContainers(subject, listAt(spec, 'initContainers') ?? [], listAt(spec, 'containers') ?? [], volumes, child(path, 'initContainers')),
    ...oneOf(subject, textAt(spec, 'restartPolicy'), child(path, 'restartPolicy'), ['Always', 'OnFailure', 'Never']),
    ...oneOf(subject, textAt(spec, 'dnsPolicy'), child(path, 'dnsPolicy'), ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']),
    ...validateLabels(subject, textsAt(spec, 'nodeSelector'), child(path, 'nodeSelector')),
    ...validatePodSecurity(subject, mapAt(spec, 'securityContext'), child(path, 'securityContext')),
    ...validateAffinity(subject, mapAt(spec, 'affinity'), child(path, 'affinity')),
    ...validateDns(subject, mapAt(spec, 'dnsConfig'), textAt(spec, 'dnsPolicy'), child(path, 'dnsConfig')),
    ...validateTopology(subject, listAt(spec, 'topologySpreadConstraints') ?? [], child(path, 'topologySpreadConstraints')),
    ...validateNames(subject, spec, path),
  ]
}

function validateNames(subject: Subject, spec: Json, path: FieldPath): readonly ValidationError[] {
  const deadline = numberAt(spec, 'activeDeadlineSeconds')
  const named = (key: string, check: (value: string, dots: boolean) => readonly string[]): readonly ValidationError[] => {
    const value = textAt(spec, key)
    return value === '' ? [] : check(value, subject.texts.labelDots).map((message) => invalid(subject, child(path, key), value, message))
  }
  return [
    ...named('serviceAccountName', isDns1123Subdomain),
    ...named('nodeName', isDns1123Subdomain),
    ...(deadline !== undefined && (deadline < 1 || deadline > 2147483647)
      ? [invalid(subject, child(path, 'activeDeadlineSeconds'), deadline, 'must be between 1 and 2147483647, inclusive')] : []),
    ...named('hostname', isDns1123Label),
    ...named('subdomain', isDns1123Label),
    ...validateTolerations(subject, listAt(spec, 'tolerations') ?? [], child(path, 'tolerations')),
    ...validateHostAliases(subject, listAt(spec, 'hostAliases') ?? [], child(path, 'hostAliases')),
    ...named('priorityClassName', isDns1123Subdomain),
    ...named('runtimeClassName', isDns1123Subdomain),
    ...oneOf(subject, textAt(spec, 'preemptionPolicy'), child(path, 'preemptionPolicy'), ['PreemptLowerPriority', 'Never']),
  ]
}

export function oneOf(subject: Subject, value: string, path: FieldPath, supported: readonly string[]): readonly ValidationError[] {
  return value === '' || supported.includes(value) ? [] : [notSupported(subject, path, value, supported)]
}

const known = new Set(['volumes', 'containers', 'initContainers', 'restartPolicy', 'dnsPolicy', 'nodeSelector', 'serviceAccountName', 'serviceAccount', 'nodeName', 'activeDeadlineSeconds',
  'hostname', 'subdomain', 'priorityClassName', 'runtimeClassName', 'terminationGracePeriodSeconds', 'automountServiceAccountToken', 'imagePullSecrets', 'schedulerName', 'priority',
  'enableServiceLinks', 'hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace',
  'securityContext', 'affinity', 'topologySpreadConstraints', 'tolerations', 'preemptionPolicy', 'dnsConfig', 'hostAliases'])

/** The places of a pod template that the controller's library validates and this model does not: what stands there is unverified. */
export function templateGaps(rollout: Rollout): readonly Pointer[] {
  const path = fieldPath('spec', 'template', 'spec')
  const spec = mapAt(rollout.spec.template, 'spec') ?? {}
  return [
    ...Object.keys(spec).filter((key) => !known.has(key) && spec[key] !== undefined && spec[key] !== null).map((key) => child(path, key).pointer),
    ...(['containers', 'initContainers'] as const).flatMap((kind) => (listAt(spec, kind) ?? []).flatMap((entry, index) => containerGaps(entry, item(child(path, kind), index)))),
    ...securityGaps(mapAt(spec, 'securityContext'), child(path, 'securityContext')),
    ...affinityGaps(mapAt(spec, 'affinity'), child(path, 'affinity')),
    ...(listAt(spec, 'topologySpreadConstraints') ?? []).flatMap((constraint, index) => labelKeyGaps(constraint, item(child(path, 'topologySpreadConstraints'), index))),
    ...volumeGaps(listAt(spec, 'volumes') ?? [], child(path, 'volumes')),
  ]
}
