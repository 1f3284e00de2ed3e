import { createMergePatch } from '@rollsync/manifests'
import { defaultMutatingWebhooks, defaultValidatingWebhooks } from './defaults/admission.ts'
import {
  defaultAutoscalerV1, defaultAutoscalerV2, defaultBetaIngress, defaultConfigMap, defaultEndpoints, defaultIngressClass, defaultNamespace, defaultNetworkPolicy,
  defaultPersistentVolume, defaultPriorityClass, defaultRoleBinding, defaultSecret, defaultStorageClass,
} from './defaults/other-kinds.ts'
import { defaultPod } from './defaults/pod.ts'
import { defaultService } from './defaults/service.ts'
import {
  defaultClaim, defaultCronJob, defaultDaemonSet, defaultDeployment, defaultJob, defaultReplicaSet, defaultReplicationController, defaultStatefulSet,
} from './defaults/workloads.ts'
import { GoDecodeError, throughGo } from './go-json.ts'
import { copyJson, type JsonMap, textAt } from './json-map.ts'
import { builtInType, type EmptyTimes, type StructType } from './schema.ts'
import { mergeMap } from './strategic/apply.ts'
import { diffMaps } from './strategic/diff.ts'
import { StrategicMergeError } from './strategic/patch-meta.ts'

/** k8s.io/kubernetes pkg/apis: the defaulting functions of the kinds that people deploy; a kind without an entry has none, or none of weight for a comparison. */
const defaulters: ReadonlyMap<string, (object: JsonMap, written: JsonMap) => void> = new Map([
  ['v1/Service', defaultService], ['v1/Pod', defaultPod], ['v1/ReplicationController', defaultReplicationController],
  ['v1/Secret', defaultSecret], ['v1/ConfigMap', defaultConfigMap], ['v1/Namespace', defaultNamespace],
  ['v1/Endpoints', defaultEndpoints], ['v1/PersistentVolume', defaultPersistentVolume], ['v1/PersistentVolumeClaim', defaultClaim],
  ['apps/v1/Deployment', defaultDeployment], ['apps/v1/ReplicaSet', defaultReplicaSet], ['apps/v1/DaemonSet', defaultDaemonSet], ['apps/v1/StatefulSet', defaultStatefulSet],
  ['batch/v1/Job', defaultJob], ['batch/v1/CronJob', defaultCronJob], ['networking.k8s.io/v1/NetworkPolicy', defaultNetworkPolicy],
  ['networking.k8s.io/v1/IngressClass', defaultIngressClass], ['networking.k8s.io/v1beta1/Ingress', defaultBetaIngress], ['extensions/v1beta1/Ingress', defaultBetaIngress],
  ['rbac.authorization.k8s.io/v1/RoleBinding', defaultRoleBinding], ['rbac.authorization.k8s.io/v1/ClusterRoleBinding', defaultRoleBinding],
  ['admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration', defaultValidatingWebhooks],
  ['admissionregistration.k8s.io/v1/MutatingWebhookConfiguration', defaultMutatingWebhooks], ['scheduling.k8s.io/v1/PriorityClass', defaultPriorityClass],
  // no defaults, but a field that a strategic merge replaces: the patch writes it anew, without what its type does not know
  ['policy/v1/PodDisruptionBudget', () => {}],
  // no defaults, but a list whose elements the making of the patch tells apart by name
  ['v1/ServiceAccount', () => {}],
  ['storage.k8s.io/v1/StorageClass', defaultStorageClass], ['autoscaling/v1/HorizontalPodAutoscaler', defaultAutoscalerV1],
  ['autoscaling/v2/HorizontalPodAutoscaler', defaultAutoscalerV2],
])

interface Defaulted { readonly type: StructType; readonly typed: JsonMap; readonly defaulted: JsonMap }

/** The kind whose defaults are asked for; what a rule has emptied no longer says it itself. */
export interface DefaultedKind { readonly apiVersion: string; readonly kind: string; readonly emptyTimes: EmptyTimes }

export function defaultedAs(object: JsonMap, emptyTimes: EmptyTimes): DefaultedKind {
  return { apiVersion: textAt(object, 'apiVersion'), kind: textAt(object, 'kind'), emptyTimes }
}

/** What failing to make the patch of defaults, or to lay it over the object, is called; '' where it has no name. */
export interface DefaultsFailures { readonly making: string; readonly applying: string }

/**
 * diff.go generateSchemeDefaultPatch and its application: Go's defaults, laid over the object as a strategic merge patch.
 * An object that does not fit its type stays as it is. Throws StrategicMergeError.
 */
export function applySchemeDefaults(object: JsonMap, of: DefaultedKind, failures: DefaultsFailures): JsonMap {
  const result = runDefaults(object, of)
  if (!result) return object
  const patch = failing(failures.making, () => diffMaps(result.typed, result.defaulted, result.type, { half: 'both', order: 'set', retainKeys: 'no' }))
  return failing(failures.applying, () => mergeMap(object, patch, result.type, 'object'))
}

function failing<T>(failure: string, step: () => T): T {
  try {
    return step()
  } catch (error) {
    throw error instanceof StrategicMergeError && failure !== '' ? new StrategicMergeError(`${failure}: ${error.message}`) : error
  }
}

/** The defaults of the kind as a JSON merge patch; undefined where the kind has none, or the object does not fit its type. */
export function defaultsPatch(object: JsonMap): JsonMap | undefined {
  const result = runDefaults(object, defaultedAs(object, 'left out'))
  return result && (createMergePatch(result.typed, result.defaulted) as JsonMap)
}

function runDefaults(object: JsonMap, { apiVersion, kind, emptyTimes }: DefaultedKind): Defaulted | undefined {
  const setDefaults = defaulters.get(`${apiVersion}/${kind}`)
  const type = builtInType(apiVersion, kind, emptyTimes)
  if (!setDefaults || !type) return undefined
  try {
    const typed = throughGo(type, object, 'lax', 'zero')
    const defaulted = copyJson(typed)
    setDefaults(defaulted, object)
    return { type, typed, defaulted: throughGo(type, defaulted, 'lax', 'zero') }
  } catch (error) {
    if (error instanceof GoDecodeError) return undefined
    throw error
  }
}
