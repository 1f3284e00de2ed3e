import type { KubeObject } from '@rollsync/manifests'

import { type Field, reshape, type Shape } from './go-shape.ts'
import type { RolloutsProfile } from './profile.ts'
import type { Rollout, RolloutSpec } from './rollout.ts'

// pkg/apis/rollouts/v1alpha1/types.go, field by field, in the order of the structs: the order is what the step hash is made of.
const struct = (...fields: readonly Field[]): Shape => ({ struct: fields })
const list = (shape: Shape): Shape => ({ list: shape })
const strings: Shape = { map: 'string' }
const podMetadata = struct(['labels', strings, 'omitempty'], ['annotations', strings, 'omitempty'])
const stringMatch = struct(['exact', 'string', 'omitempty'], ['prefix', 'string', 'omitempty'], ['regex', 'string', 'omitempty'])

/** apimachinery meta/v1 LabelSelector */
const labelSelector = struct(
  ['matchLabels', strings, 'omitempty'],
  ['matchExpressions', list(struct(['key', 'string', 'always'], ['operator', 'string', 'always'], ['values', list('string'), 'omitempty'])), 'omitempty'],
)

const analysisFields: readonly Field[] = [
  ['templates', list(struct(['templateName', 'string', 'always'], ['clusterScope', 'bool', 'pointer'])), 'omitempty'],
  ['args', list('any'), 'omitempty'], ['dryRun', list('any'), 'omitempty'], ['measurementRetention', list('any'), 'omitempty'], ['analysisRunMetadata', podMetadata, 'pointer'],
]
const analysis: Shape = { struct: analysisFields }

const experiment = struct(
  ['templates', list(struct(
    ['name', 'string', 'always'], ['specRef', 'string', 'always'], ['replicas', 'int', 'pointer'], ['metadata', podMetadata, 'always'], ['selector', labelSelector, 'pointer'],
    ['weight', 'int', 'pointer'], ['service', struct(['name', 'string', 'omitempty']), 'pointer'],
  )), 'nullable'],
  ['duration', 'string', 'omitempty'], ['analyses', list('any'), 'omitempty'], ['dryRun', list('any'), 'omitempty'], ['analysisRunMetadata', podMetadata, 'always'],
  ['scaleDownDelaySeconds', 'int', 'pointer'],
)

const headerRoute = struct(
  ['name', 'string', 'omitempty'],
  ['match', list(struct(['headerName', 'string', 'always'], ['headerValue', stringMatch, 'nullable'])), 'omitempty'],
)

const mirrorRoute = struct(
  ['name', 'string', 'always'],
  ['match', list(struct(['method', stringMatch, 'pointer'], ['path', stringMatch, 'pointer'], ['headers', { map: stringMatch }, 'omitempty'])), 'omitempty'],
  ['percentage', 'int', 'pointer'],
)

const step = struct(
  ['setWeight', 'int', 'pointer'], ['pause', struct(['duration', 'stringOrInt', 'pointer']), 'pointer'], ['experiment', experiment, 'pointer'], ['analysis', analysis, 'pointer'],
  ['setCanaryScale', struct(['weight', 'int', 'pointer'], ['replicas', 'int', 'pointer'], ['matchTrafficWeight', 'bool', 'omitempty']), 'pointer'],
  ['setHeaderRoute', headerRoute, 'pointer'], ['setMirrorRoute', mirrorRoute, 'pointer'], ['plugin', struct(['name', 'string', 'always'], ['config', 'any', 'pointer']), 'pointer'],
)

const virtualServiceFields: readonly Field[] = [
  ['name', 'string', 'always'], ['routes', list('string'), 'omitempty'],
  ['tlsRoutes', list(struct(['port', 'int', 'omitempty'], ['sniHosts', list('string'), 'omitempty'])), 'omitempty'], ['tcpRoutes', list(struct(['port', 'int', 'omitempty'])), 'omitempty'],
]

const istio = struct(
  ['virtualService', { struct: virtualServiceFields }, 'pointer'],
  ['destinationRule', struct(['name', 'string', 'always'], ['canarySubsetName', 'string', 'always'], ['stableSubsetName', 'string', 'always'],
    ['additionalSubsetNames', list('string'), 'omitempty']), 'pointer'],
  ['virtualServices', list({ struct: virtualServiceFields }), 'omitempty'],
)

const nginx = struct(
  ['annotationPrefix', 'string', 'omitempty'], ['stableIngress', 'string', 'omitempty'], ['additionalIngressAnnotations', strings, 'omitempty'],
  ['stableIngresses', list('string'), 'omitempty'], ['canaryIngressAnnotations', strings, 'omitempty'],
)

const alb = struct(
  ['ingress', 'string', 'omitempty'], ['servicePort', 'int', 'always'], ['rootService', 'string', 'omitempty'], ['annotationPrefix', 'string', 'omitempty'],
  ['stickinessConfig', struct(['enabled', 'bool', 'always'], ['durationSeconds', 'int', 'always']), 'pointer'], ['ingresses', list('string'), 'omitempty'],
)

const named = struct(['name', 'string', 'always'])
const appMesh = struct(
  ['virtualService', struct(['name', 'string', 'always'], ['routes', list('string'), 'omitempty']), 'pointer'],
  ['virtualNodeGroup', struct(['canaryVirtualNodeRef', named, 'nullable'], ['stableVirtualNodeRef', named, 'nullable']), 'pointer'],
)

const trafficRouting = struct(
  ['istio', istio, 'pointer'], ['nginx', nginx, 'pointer'], ['alb', alb, 'pointer'],
  ['smi', struct(['rootService', 'string', 'omitempty'], ['trafficSplitName', 'string', 'omitempty']), 'pointer'],
  ['ambassador', struct(['mappings', list('string'), 'nullable']), 'pointer'], ['appMesh', appMesh, 'pointer'],
  ['traefik', struct(['weightedTraefikServiceName', 'string', 'always']), 'pointer'], ['managedRoutes', list(named), 'omitempty'],
  ['apisix', struct(['route', struct(['name', 'string', 'always'], ['rules', list('string'), 'omitempty']), 'pointer']), 'pointer'],
  ['plugins', { map: 'any' }, 'omitempty'], ['maxTrafficWeight', 'int', 'pointer'],
)

const canary = struct(
  ['canaryService', 'string', 'omitempty'], ['stableService', 'string', 'omitempty'], ['steps', list(step), 'omitempty'], ['trafficRouting', trafficRouting, 'pointer'],
  ['maxUnavailable', 'stringOrInt', 'pointer'], ['maxSurge', 'stringOrInt', 'pointer'], ['analysis', { struct: [...analysisFields, ['startingStep', 'int', 'pointer']] }, 'pointer'],
  ['antiAffinity', 'any', 'pointer'], ['canaryMetadata', podMetadata, 'pointer'], ['stableMetadata', podMetadata, 'pointer'], ['scaleDownDelaySeconds', 'int', 'pointer'],
  ['scaleDownDelayRevisionLimit', 'int', 'pointer'], ['abortScaleDownDelaySeconds', 'int', 'pointer'], ['dynamicStableScale', 'bool', 'omitempty'],
  ['pingPong', struct(['pingService', 'string', 'always'], ['pongService', 'string', 'always']), 'pointer'], ['minPodsPerReplicaSet', 'int', 'pointer'],
  ['replicaProgressThreshold', struct(['type', 'string', 'always'], ['value', 'int', 'always']), 'pointer'],
)

const blueGreen = struct(
  ['activeService', 'string', 'always'], ['previewService', 'string', 'omitempty'], ['previewReplicaCount', 'int', 'pointer'], ['autoPromotionEnabled', 'bool', 'pointer'],
  ['autoPromotionSeconds', 'int', 'omitempty'], ['maxUnavailable', 'stringOrInt', 'pointer'], ['scaleDownDelaySeconds', 'int', 'pointer'],
  ['scaleDownDelayRevisionLimit', 'int', 'pointer'], ['prePromotionAnalysis', analysis, 'pointer'], ['antiAffinity', 'any', 'pointer'], ['postPromotionAnalysis', analysis, 'pointer'],
  ['previewMetadata', podMetadata, 'pointer'], ['activeMetadata', podMetadata, 'pointer'], ['abortScaleDownDelaySeconds', 'int', 'pointer'],
)

const spec = struct(
  ['replicas', 'int', 'pointer'], ['selector', labelSelector, 'pointer'], ['template', 'any', 'pointer'],
  ['workloadRef', struct(['apiVersion', 'string', 'omitempty'], ['kind', 'string', 'omitempty'], ['name', 'string', 'omitempty'], ['scaleDown', 'string', 'omitempty']), 'pointer'],
  ['minReadySeconds', 'int', 'omitempty'], ['rollbackWindow', struct(['revisions', 'int', 'omitempty']), 'pointer'],
  ['strategy', struct(['blueGreen', blueGreen, 'pointer'], ['canary', canary, 'pointer']), 'always'], ['revisionHistoryLimit', 'int', 'pointer'], ['paused', 'bool', 'omitempty'],
  ['progressDeadlineSeconds', 'int', 'pointer'], ['progressDeadlineAbort', 'bool', 'omitempty'], ['restartAt', 'string', 'pointer'],
  ['analysis', struct(['successfulRunHistoryLimit', 'int', 'pointer'], ['unsuccessfulRunHistoryLimit', 'int', 'pointer']), 'pointer'],
)

/** The Rollout as the controller reads it: re-marshalled (controller.go remarshalRollout), so empty lists and zero values are absent, and so is what this version does not know. */
export function admitRollout(object: KubeObject, profile: RolloutsProfile): Rollout {
  const admitted = withoutUnknown(reshape(object['spec'] ?? {}, spec, ['spec']) as RolloutSpec, profile)
  return { ...object, spec: admitted, status: (object['status'] ?? {}) as Rollout['status'] }
}

function withoutUnknown(admitted: RolloutSpec, profile: RolloutsProfile): RolloutSpec {
  const strategy = admitted.strategy.canary
  if (strategy === undefined || (profile.has.maxTrafficWeight && profile.has.replicaProgressThreshold)) return admitted
  const { replicaProgressThreshold, trafficRouting: routing, ...rest } = strategy
  const { maxTrafficWeight, ...routers } = routing ?? {}
  const known = {
    ...rest,
    ...(routing === undefined ? {} : { trafficRouting: { ...routers, ...(profile.has.maxTrafficWeight && maxTrafficWeight !== undefined ? { maxTrafficWeight } : {}) } }),
    ...(profile.has.replicaProgressThreshold && replicaProgressThreshold !== undefined ? { replicaProgressThreshold } : {}),
  }
  return { ...admitted, strategy: { ...admitted.strategy, canary: known } }
}
