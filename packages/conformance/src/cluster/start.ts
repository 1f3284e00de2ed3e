import { mkdirSync, rmSync } from 'node:fs'
import { type Api, apiClient } from './api.ts'
import type { Built } from './build.ts'
import { type Kubectl, kubectlFor } from './kubectl.ts'
import { runLoadBalancer } from './load-balancer.ts'
import { type PodModel, runPods } from './pods.ts'
import { apiServer } from './processes/api-server.ts'
import { applicationController, repoServer } from './processes/argocd.ts'
import { etcd, isEtcdReady } from './processes/etcd.ts'
import { listens, redis } from './processes/redis.ts'
import { isRolloutsReady, rolloutsController } from './processes/rollouts-controller.ts'
import { prepareSite, type Site } from './processes/site.ts'
import { seedCluster } from './seed.ts'
import { startSupervisor, type Supervisor, untilReady } from './supervisor.ts'

/** What runs in a cluster, by the name that `restart` takes. */
export type ProgramName = 'etcd' | 'kube-apiserver' | 'rollouts-controller' | 'redis' | 'argocd-repo-server' | 'argocd-application-controller'

/** A running cluster on loopback: an API server and both controllers. */
export interface Cluster {
  readonly api: Api
  readonly site: Site
  readonly pods: PodModel
  readonly kubectl: Kubectl
  /** The kubectl plugin of Argo Rollouts: `['promote', 'web', '-n', 'shop']`. */
  readonly rolloutsPlugin: Kubectl
  /** Ends a program and starts it again, with the same data; `signal` KILL for a crash. Resolves when it is ready. */
  readonly restart: (name: ProgramName, signal?: NodeJS.Signals) => Promise<void>
  /** What a program has logged so far. */
  readonly logOf: (name: ProgramName) => string
  readonly stop: () => Promise<void>
}

interface Member {
  readonly start: (site: Site, command: string) => Parameters<Supervisor['start']>[0]
  /** Its name among the programs that were built. */
  readonly program: string
  readonly isReady: (site: Site, api: Api) => Promise<boolean>
}

const members: Readonly<Record<ProgramName, Member>> = {
  etcd: { start: etcd, program: 'etcd', isReady: isEtcdReady },
  'kube-apiserver': { start: apiServer, program: 'kube-apiserver', isReady: (_site, api) => api.isReady() },
  'rollouts-controller': { start: rolloutsController, program: 'rollouts-controller', isReady: isRolloutsReady },
  redis: { start: redis, program: 'redis-server', isReady: ({ ports }) => listens(ports.redis) },
  'argocd-repo-server': { start: repoServer, program: 'argocd', isReady: ({ ports }) => listens(ports.repo) },
  'argocd-application-controller': { start: applicationController, program: 'argocd', isReady: ({ ports }) => listens(ports.argocdMetrics) },
}

/** Starts a cluster in a data folder, which is emptied first. Whatever was started ends with this process. Throws a ClusterError that names the program and its last words. */
export async function startCluster(built: Built, folder: string): Promise<Cluster> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const supervisor = startSupervisor(folder)
  for (const name of ['etcd', 'certs']) rmSync(`${folder}/${name}`, { recursive: true, force: true })
  const site = await prepareSite(folder)
  const api = apiClient({ port: site.ports.api, caFile: site.caFile, token: site.token })
  const begin = async (name: ProgramName): Promise<void> => {
    const { start, program, isReady } = members[name]
    supervisor.start(start(site, built.programs[program] ?? program))
    await untilReady(supervisor, name, () => isReady(site, api))
  }
  const kubectl = kubectlFor(built.programs['kubectl'] ?? 'kubectl', site.kubeconfig)
  try {
    await Promise.all([begin('etcd').then(() => begin('kube-apiserver')), begin('redis')])
    await seedCluster(api, kubectl, built.crdFolders)
    await Promise.all([begin('rollouts-controller'), begin('argocd-repo-server').then(() => begin('argocd-application-controller'))])
  } catch (error) {
    await supervisor.end()
    throw error
  }
  const pods = runPods(api)
  const loadBalancer = runLoadBalancer(api)
  return {
    api, site, pods, kubectl,
    rolloutsPlugin: kubectlFor(built.programs['kubectl-argo-rollouts'] ?? 'kubectl-argo-rollouts', site.kubeconfig),
    restart: async (name, signal) => {
      await supervisor.stop(name, signal)
      await begin(name)
    },
    logOf: (name) => supervisor.logOf(name),
    stop: async () => {
      await pods.end()
      await loadBalancer.end()
      api.close()
      await supervisor.end()
    },
  }
}
