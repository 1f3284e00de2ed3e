import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { KubeObject } from '@rollsync/manifests'
import { type Api, ApiError, type Resource } from './api.ts'
import type { Kubectl } from './kubectl.ts'
import { argocdNamespace } from './processes/argocd.ts'

type Name = 'namespaces' | 'configMaps' | 'secrets' | 'services' | 'replicaSets' | 'ingresses' | 'rollouts' | 'applications' | 'projects'

/** The kinds that a cluster is asked about. */
export const resources: Readonly<Record<Name, Resource>> = {
  namespaces: { apiVersion: 'v1', plural: 'namespaces', scope: 'cluster' },
  configMaps: { apiVersion: 'v1', plural: 'configmaps' },
  secrets: { apiVersion: 'v1', plural: 'secrets' },
  services: { apiVersion: 'v1', plural: 'services' },
  replicaSets: { apiVersion: 'apps/v1', plural: 'replicasets' },
  ingresses: { apiVersion: 'networking.k8s.io/v1', plural: 'ingresses' },
  rollouts: { apiVersion: 'argoproj.io/v1alpha1', plural: 'rollouts' },
  applications: { apiVersion: 'argoproj.io/v1alpha1', plural: 'applications' },
  projects: { apiVersion: 'argoproj.io/v1alpha1', plural: 'appprojects' },
}

const partOf = { 'app.kubernetes.io/part-of': 'argocd' }

/** What has to be there before the controllers start: their definitions, Argo CD's namespace, settings and project. */
export async function seedCluster(api: Api, kubectl: Kubectl, crdFolders: readonly string[]): Promise<void> {
  await ensure(api, resources.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: argocdNamespace } })
  await kubectl(['create', '--validate=false', ...crdFolders.flatMap(crdFiles).flatMap((file) => ['-f', file])])
  for (const name of ['argocd-cm', 'argocd-rbac-cm', 'argocd-cmd-params-cm', 'argocd-gpg-keys-cm', 'argocd-ssh-known-hosts-cm', 'argocd-tls-certs-cm']) {
    await ensure(api, resources.configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: argocdNamespace, labels: partOf } })
  }
  await ensure(api, resources.secrets, {
    apiVersion: 'v1', kind: 'Secret', metadata: { name: 'argocd-secret', namespace: argocdNamespace, labels: partOf }, stringData: { 'server.secretkey': 'only-this-cluster' },
  })
  await untilServed(api, resources.projects)
  await untilServed(api, resources.rollouts)
  await ensure(api, resources.projects, {
    apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata: { name: 'default', namespace: argocdNamespace },
    spec: { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }], clusterResourceWhitelist: [{ group: '*', kind: '*' }] },
  })
}

/** Creates an object unless it is there. */
export async function ensure(api: Api, resource: Resource, object: KubeObject): Promise<void> {
  await api.create(resource, object).catch((error: unknown) => {
    if (!(error instanceof ApiError && error.status === 409)) throw error
  })
}

function crdFiles(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => /-crd\.ya?ml$/.test(name)).map((name) => join(folder, name))
}

/** A definition is served a moment after it is created. */
async function untilServed(api: Api, resource: Resource): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const found = await api.list(resource, '').then(() => true, (error: unknown) => error)
    if (found === true) return
    if (tries > 100) throw found
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
