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
  // What cert-manager writes; cluster-issuer, issuer, inject-ca-from and the like are what people ask it by.
  [/^cert-manager\.io\/(alt-names|certificate-name|common-name|(ip|uri|email)-sans|issuer-(name|kind|group)|certificate-revision|private-key-secret-name|subject-[a-z]+)$|^controller\.cert-manager\.io\//, { by: 'controller', who: 'cert-manager', why: 'its own annotation' }],
  [/^autoscaling\.alpha\.kubernetes\.io\//, { by: 'controller', who: 'the autoscaler', why: 'its own annotation' }],
]

/** By the place alone; undefined where it tells nothing. */
export function writerByPlace(path: FieldPath): KnownWriter | undefined {
  if (path[0] !== 'metadata' || path[1] !== 'annotations' || typeof path[2] !== 'string') return undefined
  const key = path[2]
  return annotationWriters.find(([pattern]) => pattern.test(key))?.[1]
}

const managers: readonly (readonly [RegExp, Omit<KnownWriter, 'why'>])[] = [
  [/^(rollouts-controller|argo-rollouts.*)$/, { by: 'rollouts', who: 'Argo Rollouts' }],
  [/^argocd/, { by: 'argocd', who: 'Argo CD' }],
  [/^(kubectl.*|k9s.*|lens|openlens|dashboard|Mozilla)$/i, { by: 'hand', who: 'somebody' }],
  [/^cert-manager/, { by: 'controller', who: 'cert-manager' }],
  [/^aws-load-balancer-controller$/, { by: 'controller', who: 'the AWS Load Balancer Controller' }],
  [/^(kube-scheduler|kubelet|keda|keda-operator|vpa-(recommender|updater)|external-dns|external-secrets|pilot-discovery|kustomize-controller|helm-controller)$/, { by: 'controller', who: '' }],
]

/** Its binary is called just `controller`, as are those of others: it counts only for the kinds that it writes. */
const balanced = new Set(['Ingress', 'Service', 'TargetGroupBinding'])

/** By the manager that owns the field last. Of a manager that is not known here it is not known either whether a person stands behind it: it is named, and nothing more. */
export function writerByOwner(owner: FieldOwner, { kind }: KubeObject): Omit<KnownWriter, 'by'> & { readonly by: KnownWriter['by'] | 'unexplained' } {
  const when = owner.time === '' ? '' : ` at ${owner.time}`
  const why = `managedFields: ${owner.manager}, ${owner.operation}${owner.subresource === '' ? '' : ` of ${owner.subresource}`}${when}`
  if (owner.manager === 'kube-controller-manager') return { by: 'controller', who: owner.subresource === 'scale' ? 'the autoscaler' : `a controller of Kubernetes for ${kind}`, why }
  if (owner.manager === 'controller' && balanced.has(kind)) return { by: 'controller', who: 'the AWS Load Balancer Controller', why }
  const known = managers.find(([pattern]) => pattern.test(owner.manager))?.[1]
  return known === undefined ? { by: 'unexplained', who: owner.manager, why } : { by: known.by, who: known.who === '' ? owner.manager : known.who, why }
}

/** Finalizers by their prefix. */
export function writerOfFinalizer(finalizer: string): KnownWriter | undefined {
  if (/(^|\.)ingress\.k8s\.aws\/|^service\.k8s\.aws\/|^elbv2\.k8s\.aws\//.test(finalizer)) return { by: 'controller', who: 'the AWS Load Balancer Controller', why: 'its finalizer' }
  if (/argocd\.argoproj\.io/.test(finalizer)) return { by: 'argocd', who: 'Argo CD', why: 'its finalizer' }
  if (/kubernetes\.io\/|^foregroundDeletion$|^orphan$/.test(finalizer)) return { by: 'controller', who: 'Kubernetes', why: 'its finalizer' }
  return undefined
}
