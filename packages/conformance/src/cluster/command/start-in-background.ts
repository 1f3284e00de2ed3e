import { spawn } from 'node:child_process'
import { mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildCluster } from '../build.ts'
import { ClusterError } from '../cluster-error.ts'
import type { ClusterVersions } from '../programs.ts'
import type { Told } from './keep-cluster.ts'
import { readRunning, type RunningCluster } from './running-cluster.ts'

const program = fileURLToPath(new URL('../../../cluster/cluster.mjs', import.meta.url))

/** Starts a process that keeps a cluster, and waits until it is ready. */
export async function startInBackground(versions: ClusterVersions, cache: string, folder: string, note: (line: string) => void): Promise<RunningCluster> {
  buildCluster(versions, cache, note)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  note(`starting Kubernetes ${versions.kubernetes}, Argo Rollouts ${versions.rollouts} and Argo CD ${versions.argocd}`)
  const log = openSync(join(folder, 'cluster.log'), 'a')
  const args = [program, 'keep', '--rollouts-version', versions.rollouts, '--argocd-version', versions.argocd]
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', log, log, 'ipc'], cwd: folder })
  const told = await new Promise<Told>((resolve) => {
    child.once('message', (message) => resolve(message as Told))
    child.once('exit', (code) => resolve({ is: 'failed', message: `the process that keeps the cluster has ended with code ${code}`, hint: `its log: ${join(folder, 'cluster.log')}` }))
  })
  if (told.is === 'failed') throw new ClusterError('not-ready', told.message, told.hint)
  child.disconnect()
  child.unref()
  const running = readRunning(folder)
  if (running === undefined) throw new ClusterError('not-ready', 'the cluster has ended again', `its logs: ${folder}`)
  return running
}

/** How a running cluster is reached; the first line is for `eval`. */
export function startedText({ site: { kubeconfig, folder, ports }, programs, versions, pid }: RunningCluster): string {
  const running = [
    ['etcd', ports.etcd], ['kube-apiserver', ports.api], ['rollouts-controller', ports.rolloutsMetrics], ['redis', ports.redis], ['argocd-repo-server', ports.repo], ['argocd-application-controller', ports.argocdMetrics],
  ] as const
  return [
    `export KUBECONFIG=${kubeconfig}`,
    `# Kubernetes ${versions.kubernetes}, Argo Rollouts ${versions.rollouts}, Argo CD ${versions.argocd}, kept by process ${pid}`,
    ...running.map(([name, port]) => `# ${name.padEnd(30)} 127.0.0.1:${port}`),
    `# logs     ${folder}/*.log`,
    `# kubectl  ${programs['kubectl'] ?? ''}`,
    `# plugin   ${programs['kubectl-argo-rollouts'] ?? ''}`,
    '',
  ].join('\n')
}
