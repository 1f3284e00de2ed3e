import type { KubeObject } from '@rollsync/manifests'
import type { FieldPath } from '../derive/object-kind.ts'
import type { FieldOwner } from './field-owner.ts'

/** Who wrote a field, as far as its name alone tells: a controller by the prefix of its annotations, or the API server. */
export interface KnownWriter {
  readonly by: 'rollouts' | 'controller' | 'api-server' | 'argocd' | 'hand'
  readonly who: string
  readonly why: string
}

const annotationWriters: readonly (readonly [RegExp, KnownWriter])[] = [
  [/^(argo-)?rollouts?\.argoproj\.io\//, { by: 'rollouts', who: 'Argo Rollouts', why: 'its own annotation' }],
  [/^argocd\.argoproj\.io\/(tracking-id|refresh)$/, { by: 'argocd', who: 'Argo CD', why: 'its own mark' }],
  [/^kubectl\.kubernetes\.io\/last-applied-configuration$/, { by: 'argocd', who: 'client-side apply', why: 'what was applied last' }],
  [/^kubectl\.kubernetes\.io\/restartedAt$/, { by: 'hand', who: 'kubectl rollout restart', why: 'a restart by hand' }],
  [/^deployment\.kubernetes\.io\//, { by: 'controller', who: 'the Deployment controller', why: 'its revisions' }],
  [/^(acme\.)?cert-manager\.io\/|^controller\.cert-manager\.io\//, { by: 'controller', who: 'cert-manager', why: 'its own annotation' }],
  [/^autoscaling\.alpha\.kubernetes\.io\//, { by: 'controller', who: 'the autoscaler', why: 'its own annotation' }],
]

/** Fields of a Service and an Ingress, and of pods, that the API server fills in where Git leaves them out. */
const defaults: readonly RegExp[] = [
  /^\/spec\/(clusterIPs?|ipFamil(y|ies)(Policy)?|internalTrafficPolicy|externalTrafficPolicy|sessionAffinity|type|healthCheckNodePort|allocateLoadBalancerNodePorts)$/,
  /^\/spec\/ports\/\d+\/(protocol|nodePort|targetPort)$/,
  /^\/spec\/(revisionHistoryLimit|progressDeadlineSeconds|strategy)$/,
  /^\/spec\/rules\/\d+\/http\/paths\/\d+\/pathType$/,
  /\/(terminationMessagePath|terminationMessagePolicy|imagePullPolicy|restartPolicy|dnsPolicy|schedulerName|securityContext|terminationGracePeriodSeconds)$/,
]

/** By the place alone; undefined where it tells nothing. `added`: only the live object has it. */
export function writerByPlace(pointer: string, path: FieldPath, change: 'added' | 'other'): KnownWriter | undefined {
  if (path[0] === 'metadata' && path[1] === 'annotations' && typeof path[2] === 'string') {
    const key = path[2]
    return annotationWriters.find(([pattern]) => pattern.test(key))?.[1]
  }
  const isDefault = change === 'added' && defaults.some((pattern) => pattern.test(pointer))
  return isDefault ? { by: 'api-server', who: 'the API server', why: 'a default for what Git leaves out' } : undefined
}

const managers: readonly (readonly [RegExp, Omit<KnownWriter, 'why'>])[] = [
  [/^(rollouts-controller|argo-rollouts.*)$/, { by: 'rollouts', who: 'Argo Rollouts' }],
  [/^argocd/, { by: 'argocd', who: 'Argo CD' }],
  [/^(kubectl.*|k9s.*|lens|openlens|dashboard|Mozilla)$/i, { by: 'hand', who: 'somebody' }],
  [/^cert-manager/, { by: 'controller', who: 'cert-manager' }],
  [/^(controller|aws-load-balancer-controller)$/, { by: 'controller', who: 'the AWS Load Balancer Controller' }],
]

/** By the manager that owns the field last; every other manager is named as it is. */
export function writerByOwner(owner: FieldOwner, { kind }: KubeObject): KnownWriter {
  const when = owner.time === '' ? '' : ` at ${owner.time}`
  const why = `managedFields: ${owner.manager}, ${owner.operation}${owner.subresource === '' ? '' : ` of ${owner.subresource}`}${when}`
  if (owner.manager === 'kube-controller-manager') return { by: 'controller', who: owner.subresource === 'scale' ? 'the autoscaler' : `a controller of Kubernetes for ${kind}`, why }
  const known = managers.find(([pattern]) => pattern.test(owner.manager))?.[1]
  return known === undefined ? { by: 'controller', who: owner.manager, why } : { ...known, why }
}

/** Finalizers by their prefix. */
export function writerOfFinalizer(finalizer: string): KnownWriter | undefined {
  if (/(^|\.)ingress\.k8s\.aws\/|^service\.k8s\.aws\/|^elbv2\.k8s\.aws\//.test(finalizer)) return { by: 'controller', who: 'the AWS Load Balancer Controller', why: 'its finalizer' }
  if (/argocd\.argoproj\.io/.test(finalizer)) return { by: 'argocd', who: 'Argo CD', why: 'its finalizer' }
  if (/kubernetes\.io\/|^foregroundDeletion$|^orphan$/.test(finalizer)) return { by: 'controller', who: 'Kubernetes', why: 'its finalizer' }
  return undefined
}
