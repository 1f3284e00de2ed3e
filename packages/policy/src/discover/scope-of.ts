import { groupOf, type KubeObject } from '@rollsync/manifests'

const namespaced = new Set(['/Service', '/ConfigMap', '/Secret', '/ServiceAccount', '/PersistentVolumeClaim', '/Pod', '/Endpoints', '/LimitRange', '/ResourceQuota', 'apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet', 'apps/ReplicaSet',
  'batch/Job', 'batch/CronJob', 'networking.k8s.io/Ingress', 'networking.k8s.io/NetworkPolicy', 'autoscaling/HorizontalPodAutoscaler', 'policy/PodDisruptionBudget', 'rbac.authorization.k8s.io/Role', 'rbac.authorization.k8s.io/RoleBinding',
  'argoproj.io/Rollout', 'argoproj.io/AnalysisTemplate', 'argoproj.io/AnalysisRun', 'argoproj.io/Experiment', 'argoproj.io/Application', 'argoproj.io/ApplicationSet', 'argoproj.io/AppProject',
  'networking.istio.io/VirtualService', 'networking.istio.io/DestinationRule', 'networking.istio.io/Gateway', 'gateway.networking.k8s.io/HTTPRoute', 'gateway.networking.k8s.io/GRPCRoute', 'gateway.networking.k8s.io/Gateway'])
const clusterWide = new Set(['/Namespace', '/PersistentVolume', 'rbac.authorization.k8s.io/ClusterRole', 'rbac.authorization.k8s.io/ClusterRoleBinding', 'apiextensions.k8s.io/CustomResourceDefinition', 'networking.k8s.io/IngressClass',
  'elbv2.k8s.aws/IngressClassParams', 'argoproj.io/ClusterAnalysisTemplate', 'scheduling.k8s.io/PriorityClass', 'storage.k8s.io/StorageClass', 'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration', 'gateway.networking.k8s.io/GatewayClass'])

/** Whether the objects of a kind lie in a namespace, for the kinds of which that is known here. */
export function scopeOf({ apiVersion, kind }: KubeObject): 'namespaced' | 'cluster' | undefined {
  const key = `${groupOf(apiVersion)}/${kind}`
  return namespaced.has(key) ? 'namespaced' : clusterWide.has(key) ? 'cluster' : undefined
}
