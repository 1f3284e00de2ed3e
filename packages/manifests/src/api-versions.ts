/** The API groups of Kubernetes itself and of the Argo projects, kind by kind: the versions that are served, and those that were removed and when. */
interface KindVersions {
  readonly served: readonly string[]
  readonly removed?: Readonly<Record<string, string>>
}

const workload = { served: ['v1'], removed: { v1beta1: '1.16', v1beta2: '1.16' } } as const
const v1 = { served: ['v1'] } as const
const argo = { served: ['v1alpha1'] } as const
const rbac = { served: ['v1'], removed: { v1alpha1: '1.22', v1beta1: '1.22' } } as const

const kinds: ReadonlyMap<string, KindVersions> = new Map<string, KindVersions>([
  ...['ConfigMap', 'Namespace', 'PersistentVolume', 'PersistentVolumeClaim', 'Pod', 'PodTemplate', 'ReplicationController', 'Secret', 'Service', 'ServiceAccount', 'List', 'Endpoints', 'LimitRange', 'ResourceQuota']
    .map((kind) => [`/${kind}`, v1] as const),
  ...['Deployment', 'StatefulSet', 'ControllerRevision'].map((kind) => [`apps/${kind}`, workload] as const),
  ...['DaemonSet', 'ReplicaSet'].map((kind) => [`apps/${kind}`, { served: ['v1'], removed: { v1beta2: '1.16' } }] as const),
  ['batch/Job', v1],
  ['batch/CronJob', { served: ['v1'], removed: { v1beta1: '1.25', v2alpha1: '1.21' } }],
  ['autoscaling/HorizontalPodAutoscaler', { served: ['v1', 'v2'], removed: { v2beta1: '1.25', v2beta2: '1.26' } }],
  ['networking.k8s.io/Ingress', { served: ['v1'], removed: { v1beta1: '1.22' } }],
  ['networking.k8s.io/IngressClass', { served: ['v1'], removed: { v1beta1: '1.22' } }],
  ['networking.k8s.io/NetworkPolicy', v1],
  ['extensions/Ingress', { served: [], removed: { v1beta1: '1.22' } }],
  ...['Deployment', 'DaemonSet', 'ReplicaSet', 'NetworkPolicy', 'PodSecurityPolicy'].map((kind) => [`extensions/${kind}`, { served: [], removed: { v1beta1: '1.16' } }] as const),
  ['policy/PodDisruptionBudget', { served: ['v1'], removed: { v1beta1: '1.25' } }],
  ['policy/PodSecurityPolicy', { served: [], removed: { v1beta1: '1.25' } }],
  ...['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'].map((kind) => [`rbac.authorization.k8s.io/${kind}`, rbac] as const),
  ...['Rollout', 'AnalysisTemplate', 'ClusterAnalysisTemplate', 'AnalysisRun', 'Experiment', 'Application', 'ApplicationSet', 'AppProject'].map((kind) => [`argoproj.io/${kind}`, argo] as const),
])

const groups: ReadonlySet<string> = new Set([...kinds.keys()].map((key) => key.slice(0, key.indexOf('/'))))

/** What is known of one apiVersion and kind. A group that is not Kubernetes's own is never judged. */
export type ApiVersionVerdict = { readonly is: 'served' } | { readonly is: 'foreign' } | { readonly is: 'removed'; readonly since: string; readonly use?: string } | { readonly is: 'unknown'; readonly served: readonly string[] }

export function judgeApiVersion(apiVersion: string, kind: string): ApiVersionVerdict {
  const slash = apiVersion.indexOf('/')
  const group = slash < 0 ? '' : apiVersion.slice(0, slash)
  const version = apiVersion.slice(slash + 1)
  const known = kinds.get(`${group}/${kind}`)
  if (known === undefined) return { is: 'foreign' }
  if (known.served.includes(version)) return { is: 'served' }
  const since = known.removed !== undefined && Object.hasOwn(known.removed, version) ? known.removed[version] : undefined
  if (since === undefined) return { is: 'unknown', served: known.served.map((one) => `${group === '' ? '' : `${group}/`}${one}`) }
  const use = successor(group, kind)
  return { is: 'removed', since, ...(use === undefined ? {} : { use }) }
}

function successor(group: string, kind: string): string | undefined {
  const home = group !== 'extensions' ? group : kind === 'Ingress' || kind === 'NetworkPolicy' ? 'networking.k8s.io' : kind === 'PodSecurityPolicy' ? undefined : 'apps'
  if (home === undefined) return undefined
  const newest = kinds.get(`${home}/${kind}`)?.served.at(-1)
  return newest === undefined ? undefined : `${home}/${newest}`
}

/** Whether an API group is Kubernetes's own or Argo's, so that its objects must have a name. */
export function isKnownGroup(group: string): boolean {
  return groups.has(group)
}
