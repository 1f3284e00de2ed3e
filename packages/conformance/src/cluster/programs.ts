/** A program of the cluster that is built from a published Go module. */
export interface GoProgram {
  readonly name: string
  readonly module: string
  readonly version: string
  /** The package to build: one of the release's own, or (`ours`) a main of this repository below packages/conformance/cluster/. */
  readonly from: { readonly release: string } | { readonly ours: string }
}

/** What a cluster is made of. The versions are those that build as modules: see docs/truth.md. */
export interface ClusterVersions {
  readonly kubernetes: string
  readonly rollouts: string
  readonly argocd: string
}

export const defaultVersions: ClusterVersions = { kubernetes: 'v1.34.4', rollouts: 'v1.10.2', argocd: 'v3.2.6' }

const argoRollouts = 'github.com/argoproj/argo-rollouts'

/** The module of an Argo CD release; its major version is in the name. */
export function argocdModule(version: string): string {
  return `github.com/argoproj/argo-cd/${/^v\d+/.exec(version)?.[0] ?? ''}`
}

export function goPrograms({ kubernetes, rollouts, argocd }: ClusterVersions): readonly GoProgram[] {
  const kube = { module: 'k8s.io/kubernetes', version: kubernetes }
  const canary = { module: argoRollouts, version: rollouts }
  return [
    { ...kube, name: 'kube-apiserver', from: { ours: 'kube-apiserver' } },
    { ...kube, name: 'kubectl', from: { ours: 'kubectl' } },
    { ...canary, name: 'rollouts-controller', from: { release: `${argoRollouts}/cmd/rollouts-controller` } },
    { ...canary, name: 'kubectl-argo-rollouts', from: { release: `${argoRollouts}/cmd/kubectl-argo-rollouts` } },
    { name: 'argocd', module: argocdModule(argocd), version: argocd, from: { ours: 'argocd' } },
  ]
}

/** Debian's, and where the project itself says how to get them elsewhere. */
export const installedPrograms: readonly { readonly name: string; readonly debian: string }[] = [
  { name: 'etcd', debian: 'etcd-server' }, { name: 'redis-server', debian: 'redis-server' },
]
