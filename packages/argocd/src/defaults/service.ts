import type { JsonMap } from '../json-map.ts'
import { ensureMap, mapsAt, setIfNil, setIfZero } from './set.ts'

/** core/v1/defaults.go SetDefaults_Service. */
export function defaultService(service: JsonMap): void {
  const spec = ensureMap(service, 'spec')
  setIfZero(spec, 'sessionAffinity', 'None')
  if (spec['sessionAffinity'] === 'None') delete spec['sessionAffinityConfig']
  if (spec['sessionAffinity'] === 'ClientIP') setIfNil(ensureMap(ensureMap(spec, 'sessionAffinityConfig'), 'clientIP'), 'timeoutSeconds', 10800)
  setIfZero(spec, 'type', 'ClusterIP')
  for (const port of mapsAt(spec, 'ports')) {
    setIfZero(port, 'protocol', 'TCP')
    setIfZero(port, 'targetPort', port['port'])
  }
  const type = spec['type']
  const external = type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && Array.isArray(spec['externalIPs']) && spec['externalIPs'].length > 0)
  if (external) setIfZero(spec, 'externalTrafficPolicy', 'Cluster')
  if (type === 'NodePort' || type === 'LoadBalancer' || type === 'ClusterIP') setIfNil(spec, 'internalTrafficPolicy', 'Cluster')
  if (type !== 'LoadBalancer') return
  setIfNil(spec, 'allocateLoadBalancerNodePorts', true)
  for (const ingress of mapsAt(service, 'status', 'loadBalancer', 'ingress')) if (typeof ingress['ip'] === 'string' && ingress['ip'] !== '') setIfNil(ingress, 'ipMode', 'VIP')
}
