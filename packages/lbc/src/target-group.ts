import { type Annotations, booleanAnnotation, integerAnnotation, mapAnnotation, mergeAnnotations, textAnnotation } from './annotations.ts'
import type { BuildTask } from './build-task.ts'
import type { Service, ServicePort } from './cluster.ts'
import { failure, wrap } from './controller-error.ts'
import { parseInteger } from './go/parse-number.ts'
import { annotationsOf, type Member } from './group.ts'

/**
 * model_build_target_group.go:29 buildTargetGroup: the identity of the target group of a Service port, `<ingress>-<service>:<port>`.
 * All that can be wrong with it is checked, in the order of the Go code; health checks and attributes themselves are not kept.
 */
export function buildTargetGroup(member: Member, service: Service, port: number | string, task: BuildTask): string {
  const servicePort = lookupPort(service, port)
  const ofService = annotationsOf(service, task.cluster)
  const annotations = mergeAnnotations(ofService, member.annotations)
  const targetType = targetTypeOf(annotations, member, task)
  checkProtocols(annotations)
  checkHealthCheck(annotations, service, targetType, task)
  mapAnnotation(annotations, 'target-group-attributes', task.profile.keyValuePairs)
  mapAnnotation(ofService, 'tags', task.profile.keyValuePairs)
  mapAnnotation(member.annotations, 'tags', task.profile.keyValuePairs)
  if (service.ipFamilies.includes('IPv6') && !task.ipAddressType.startsWith('dualstack')) throw failure('unsupported IPv6 configuration, lb not dual-stack')
  checkControlPort(annotations, service, port, targetType, task)
  checkTargetPort(servicePort, targetType, task)
  if (targetType === 'instance') mapAnnotation(annotations, 'target-node-labels', task.profile.keyValuePairs)
  if (task.profile.multiCluster === 'known' && booleanAnnotation(member.annotations, 'multi-cluster-target-group') !== true) {
    booleanAnnotation(ofService, 'multi-cluster-target-group')
  }
  return `${member.ingress.key}-${service.name}:${port}`
}

/** k8s/service_utils.go LookupServicePort: a string is a name, also the empty one. */
function lookupPort(service: Service, port: number | string): ServicePort {
  const found = service.ports.find((one) => (typeof port === 'string' ? one.name === port : one.port === port))
  if (found === undefined) throw failure(`unable to find port ${port} on service ${service.key}`)
  return found
}

function targetTypeOf(annotations: Annotations, member: Member, task: BuildTask): 'instance' | 'ip' {
  const ofClass = task.profile.classTargetType === 'known' ? (member.class.params?.targetType ?? '') : ''
  const type = ofClass !== '' ? ofClass : (textAnnotation(annotations, 'target-type') ?? task.cluster.options?.defaultTargetType ?? 'instance')
  if (type !== 'instance' && type !== 'ip') throw failure(`unknown targetType: ${type}`)
  return type
}

function checkProtocols(annotations: Annotations): void {
  const protocol = textAnnotation(annotations, 'backend-protocol') ?? 'HTTP'
  if (protocol !== 'HTTP' && protocol !== 'HTTPS') throw failure(`backend protocol must be within [HTTP, HTTPS]: ${protocol}`)
  const version = textAnnotation(annotations, 'backend-protocol-version') ?? 'HTTP1'
  if (!['HTTP1', 'HTTP2', 'GRPC'].includes(version)) throw failure(`backend protocol version must be within [HTTP1, HTTP2, GRPC]: ${version}`)
}

/** model_build_target_group.go:307 buildTargetGroupHealthCheckConfig. */
function checkHealthCheck(annotations: Annotations, service: Service, targetType: 'instance' | 'ip', task: BuildTask): void {
  checkHealthCheckPort(annotations, service, targetType)
  const protocol = textAnnotation(annotations, 'healthcheck-protocol') ?? 'HTTP'
  if (protocol !== 'HTTP' && protocol !== 'HTTPS') throw failure('healthCheckProtocol must be within [HTTP, HTTPS]')
  for (const suffix of ['healthcheck-interval-seconds', 'healthcheck-timeout-seconds', 'healthy-threshold-count', 'unhealthy-threshold-count']) {
    integerAnnotation(annotations, suffix, task.profile.integers)
  }
}

function checkHealthCheckPort(annotations: Annotations, service: Service, targetType: 'instance' | 'ip'): void {
  const raw = textAnnotation(annotations, 'healthcheck-port')
  if (raw === undefined || raw === 'traffic-port' || parseInteger(raw, 32).ok) return
  const port = wrap('failed to resolve healthCheckPort', () => lookupPort(service, raw))
  if (targetType === 'ip' && typeof port.targetPort === 'string') {
    throw failure("cannot use named healthCheckPort for IP TargetType when service's targetPort is a named port")
  }
}

function checkControlPort(annotations: Annotations, service: Service, port: number | string, targetType: 'instance' | 'ip', task: BuildTask): void {
  if (task.profile.targetControlPort === 'unknown') return
  const controlPort = integerAnnotation(annotations, `target-control-port.${service.name}.${port}`, 32)
  if (controlPort !== undefined && targetType === 'instance') throw failure('target control port is not supported for instance target target group')
}

/** model_build_target_group.go:260 buildTargetGroupPort: the node port of an instance target, the pod's port of an ip target (1 where it is named). */
function checkTargetPort(port: ServicePort, targetType: 'instance' | 'ip', task: BuildTask): void {
  if (task.profile.emptyTargetPort === 'accepted') return
  const target = targetType === 'instance' ? port.nodePort : port.targetPort
  if (target !== 0) return
  throw failure(targetType === 'ip'
    ? 'TargetGroup port is empty. Are you using the correct service type?'
    : "TargetGroup port is empty. When using Instance targets, your service be must of type 'NodePort' or 'LoadBalancer'")
}
