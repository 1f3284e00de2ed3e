import type { KubeObject } from '@rollsync/manifests'
import type { Ingress, LbcCluster } from './cluster.ts'
import { ControllerError, failure, Unknowable } from './controller-error.ts'
import { field, integer, isAbsent, list, optionalText, requiredText, texts } from './read.ts'

const controller = 'ingress.k8s.aws/alb'

export interface IngressClass {
  readonly name: string
  readonly controller: string
  readonly annotations: ReadonlyMap<string, string>
  readonly parameters: { readonly apiGroup: string | undefined; readonly kind: string; readonly name: string } | undefined
}

/** The fields of IngressClassParams that can change the rules or make the build fail. */
export interface ClassParams {
  readonly name: string
  /** Undefined or null: every namespace is allowed. */
  readonly namespaceSelector: unknown
  readonly groupName: string | undefined
  readonly certificateArns: readonly string[]
  readonly inboundCidrs: readonly string[]
  readonly sslPolicy: string
  readonly sslRedirectPort: string
  readonly scheme: string | undefined
  readonly ipAddressType: string | undefined
  readonly loadBalancerName: string
  readonly targetType: string
  readonly prefixLists: readonly string[]
  readonly tags: ReadonlyMap<string, string>
  /** As JSON, only to compare; undefined where there is none. */
  readonly subnets: string | undefined
  readonly capacityUnits: number | undefined
  readonly ipamPool: string | undefined
  readonly wafAclArn: string
  readonly wafAclName: string
  readonly loadBalancerAttributes: ReadonlyMap<string, string>
  readonly listeners: readonly { readonly protocol: string; readonly port: number; readonly attributes: ReadonlyMap<string, string> }[]
}

/** The IngressClass of an Ingress and its parameters (class_loader.go). `class` is undefined where none is named and none is the default. */
export interface ClassConfig {
  readonly class: IngressClass | undefined
  readonly params: ClassParams | undefined
}

/** class_loader.go ErrInvalidIngressClass: the group loader tolerates it for an Ingress that was no member. */
export class InvalidIngressClass extends ControllerError {}

export const noClass: ClassConfig = { class: undefined, params: undefined }

/** class_annotation_matcher.go: without --ingress-class, `alb` and the empty class are ours. */
export function isOurClassAnnotation(value: string, flag: string): boolean {
  return value === flag || (flag === '' && value === 'alb')
}

export function isOurController(ingressClass: IngressClass): boolean {
  return ingressClass.controller === controller
}

/** class_loader.go Load; the webhook loads without parameters. */
export function loadClass(ingress: Ingress, cluster: LbcCluster, parameters: 'with parameters' | 'without parameters'): ClassConfig {
  const classes = (cluster.ingressClasses ?? []).map(readClass)
  const name = ingress.className ?? defaultClass(classes)
  if (name === undefined) return noClass
  const found = classes.find((one) => one.name === name)
  if (found === undefined) throw invalid(`IngressClass.networking.k8s.io "${name}" not found`)
  if (!isOurController(found) || found.parameters === undefined || parameters === 'without parameters') return { class: found, params: undefined }
  if (found.parameters.apiGroup !== 'elbv2.k8s.aws' || found.parameters.kind !== 'IngressClassParams') {
    throw invalid(`IngressClass ${found.name} references unknown parameters`)
  }
  const paramsName = found.parameters.name
  const params = (cluster.ingressClassParams ?? []).map(readParams).find((one) => one.name === paramsName)
  if (params === undefined) throw invalid(`IngressClassParams.elbv2.k8s.aws "${paramsName}" not found`)
  requireNamespace(ingress, cluster, params)
  return { class: found, params }
}

function invalid(text: string): InvalidIngressClass {
  return new InvalidIngressClass([`invalid ingress class: ${text}`])
}

/** class_loader.go:59 GetDefaultIngressClass: whatever its controller is. */
function defaultClass(classes: readonly IngressClass[]): string | undefined {
  const found = classes.filter((one) => one.annotations.get('ingressclass.kubernetes.io/is-default-class') === 'true')
  if (found.length > 1) throw failure('multiple default IngressClasses found')
  const name = found[0]?.name
  return name === '' ? undefined : name
}

/** class_loader.go:126 validateIngressClassParamsNamespaceRestriction; matchLabels is read, matchExpressions is not. */
function requireNamespace(ingress: Ingress, cluster: LbcCluster, params: ClassParams): void {
  if (params.namespaceSelector === undefined || params.namespaceSelector === null) return
  const place = `IngressClassParams ${params.name}: spec.namespaceSelector`
  const selector = { value: params.namespaceSelector, place }
  const namespace = cluster.namespaces?.find((one) => one.metadata.name === ingress.namespace)
  if (namespace === undefined) throw new Unknowable(`${place} asks for labels of the Namespace ${ingress.namespace}, which is not in the input`)
  if (list(field(selector, 'matchExpressions')).length > 0) throw new Unknowable(`${place}.matchExpressions is not evaluated here`)
  const labels = texts({ value: namespace.metadata.labels, place: `Namespace ${ingress.namespace}: metadata.labels` })
  const matches = [...texts(field(selector, 'matchLabels'))].every(([key, value]) => labels.get(key) === value)
  if (!matches) throw invalid(`namespaceSelector of IngressClassParams ${params.name} mismatch`)
}

function readClass(object: KubeObject): IngressClass {
  const root = { value: object, place: 'IngressClass: ' }
  const spec = field(root, 'spec')
  const parameters = field(spec, 'parameters')
  return {
    name: optionalText(field(field(root, 'metadata'), 'name')) ?? '',
    controller: optionalText(field(spec, 'controller')) ?? '',
    annotations: texts(field(field(root, 'metadata'), 'annotations')),
    parameters: isAbsent(parameters) ? undefined : {
      apiGroup: optionalText(field(parameters, 'apiGroup')),
      kind: optionalText(field(parameters, 'kind')) ?? '',
      name: optionalText(field(parameters, 'name')) ?? '',
    },
  }
}

function readParams(object: KubeObject): ClassParams {
  const root = { value: object, place: 'IngressClassParams: ' }
  const spec = field(root, 'spec')
  const textOf = (name: string): string => optionalText(field(spec, name)) ?? ''
  const textsOf = (name: string): readonly string[] => list(field(spec, name)).map(requiredText)
  const [group, subnets, capacity] = [field(spec, 'group'), field(spec, 'subnets'), field(spec, 'minimumLoadBalancerCapacity')]
  const lists = textsOf('prefixListsIDs')
  return {
    name: optionalText(field(field(root, 'metadata'), 'name')) ?? '',
    namespaceSelector: field(spec, 'namespaceSelector').value,
    groupName: isAbsent(group) ? undefined : (optionalText(field(group, 'name')) ?? ''),
    certificateArns: textsOf('certificateArn'),
    inboundCidrs: textsOf('inboundCIDRs'),
    sslPolicy: textOf('sslPolicy'),
    sslRedirectPort: textOf('sslRedirectPort'),
    scheme: optionalText(field(spec, 'scheme')),
    ipAddressType: optionalText(field(spec, 'ipAddressType')),
    loadBalancerName: textOf('loadBalancerName'),
    targetType: textOf('targetType'),
    // Since v3 the field begins with a small letter; the old name is still read.
    prefixLists: lists.length > 0 ? lists : textsOf('PrefixListsIDs'),
    subnets: isAbsent(subnets) ? undefined : JSON.stringify(subnets.value),
    capacityUnits: isAbsent(capacity) ? undefined : integer(field(capacity, 'capacityUnits')),
    ipamPool: optionalText(field(field(spec, 'ipamConfiguration'), 'ipv4IPAMPoolId')),
    wafAclArn: textOf('wafv2AclArn'),
    wafAclName: textOf('wafv2AclName'),
    tags: readAttributes(list(field(spec, 'tags'))),
    loadBalancerAttributes: readAttributes(list(field(spec, 'loadBalancerAttributes'))),
    listeners: list(field(spec, 'listeners')).map((listener) => ({
      protocol: optionalText(field(listener, 'protocol')) ?? '',
      port: integer(field(listener, 'port')),
      attributes: readAttributes(list(field(listener, 'listenerAttributes'))),
    })),
  }
}

/** Entries with `key` and `value`; of a repeated key the last one counts. */
function readAttributes(attributes: readonly { readonly value: unknown; readonly place: string }[]): ReadonlyMap<string, string> {
  return new Map(attributes.map((attribute) => [optionalText(field(attribute, 'key')) ?? '', optionalText(field(attribute, 'value')) ?? '']))
}
