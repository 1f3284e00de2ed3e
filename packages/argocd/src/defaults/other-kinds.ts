import { type JsonMap, nested } from '../json-map.ts'
import { ensureMap, mapAt, mapsAt, setIfNil, setIfZero } from './set.ts'

export function defaultSecret(secret: JsonMap): void { setIfZero(secret, 'type', 'Opaque') }

export function defaultConfigMap(configMap: JsonMap): void { setIfNil(configMap, 'data', {}) }

export function defaultNamespace(namespace: JsonMap): void {
  const metadata = ensureMap(namespace, 'metadata')
  if (metadata['name']) ensureMap(metadata, 'labels')['kubernetes.io/metadata.name'] = metadata['name']
  setIfZero(ensureMap(namespace, 'status'), 'phase', 'Active')
}

export function defaultEndpoints(endpoints: JsonMap): void {
  for (const port of mapsAt(endpoints, 'subsets').flatMap((subset) => mapsAt(subset, 'ports'))) setIfZero(port, 'protocol', 'TCP')
}

export function defaultPersistentVolume(volume: JsonMap): void {
  setIfZero(ensureMap(volume, 'status'), 'phase', 'Pending')
  const spec = ensureMap(volume, 'spec')
  setIfZero(spec, 'persistentVolumeReclaimPolicy', 'Retain')
  setIfNil(spec, 'volumeMode', 'Filesystem')
}

/** networking/v1/defaults.go SetDefaults_NetworkPolicy. */
export function defaultNetworkPolicy(policy: JsonMap): void {
  const spec = ensureMap(policy, 'spec')
  const types = spec['policyTypes']
  if (!Array.isArray(types) || types.length === 0) spec['policyTypes'] = mapsAt(spec, 'egress').length > 0 ? ['Ingress', 'Egress'] : ['Ingress']
  for (const rule of [...mapsAt(spec, 'ingress'), ...mapsAt(spec, 'egress')]) for (const port of mapsAt(rule, 'ports')) setIfNil(port, 'protocol', 'TCP')
}

export function defaultIngressClass(ingressClass: JsonMap): void {
  const parameters = mapAt(ingressClass, 'spec', 'parameters')
  if (parameters) setIfNil(parameters, 'scope', 'Cluster')
}

/** networking/v1beta1 and extensions/v1beta1: SetDefaults_HTTPIngressPath. */
export function defaultBetaIngress(ingress: JsonMap): void {
  for (const rule of mapsAt(ingress, 'spec', 'rules')) for (const path of mapsAt(rule, 'http', 'paths')) setIfNil(path, 'pathType', 'ImplementationSpecific')
}

export function defaultRoleBinding(binding: JsonMap): void {
  setIfZero(ensureMap(binding, 'roleRef'), 'apiGroup', 'rbac.authorization.k8s.io')
  for (const subject of mapsAt(binding, 'subjects')) if (subject['kind'] === 'User' || subject['kind'] === 'Group') setIfZero(subject, 'apiGroup', 'rbac.authorization.k8s.io')
}

export function defaultStorageClass(storageClass: JsonMap): void {
  setIfNil(storageClass, 'reclaimPolicy', 'Delete')
  setIfNil(storageClass, 'volumeBindingMode', 'Immediate')
}

export function defaultPriorityClass(priorityClass: JsonMap): void { setIfNil(priorityClass, 'preemptionPolicy', 'PreemptLowerPriority') }

export function defaultAutoscalerV1(autoscaler: JsonMap): void { setIfNil(ensureMap(autoscaler, 'spec'), 'minReplicas', 1) }

const scaleUp: JsonMap = {
  stabilizationWindowSeconds: 0, selectPolicy: 'Max', policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }, { type: 'Percent', value: 100, periodSeconds: 15 }],
}
const scaleDown: JsonMap = { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] }

/** autoscaling/v2/defaults.go. `written` is the manifest itself, which still has the empty lists that Go leaves out when it writes. */
export function defaultAutoscalerV2(autoscaler: JsonMap, written: JsonMap): void {
  const spec = ensureMap(autoscaler, 'spec')
  setIfNil(spec, 'minReplicas', 1)
  const metrics = spec['metrics']
  if (!Array.isArray(metrics) || metrics.length === 0) spec['metrics'] = [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }]
  const behavior = mapAt(spec, 'behavior')
  if (!behavior) return
  for (const [key, rules] of [['scaleUp', scaleUp], ['scaleDown', scaleDown]] as const) {
    const given = ensureMap(behavior, key)
    const isEmptyOnPurpose = Array.isArray(nested(written, ['spec', 'behavior', key, 'policies']))
    for (const [name, value] of Object.entries(rules)) if (name !== 'policies' || !isEmptyOnPurpose) setIfNil(given, name, value)
  }
}
