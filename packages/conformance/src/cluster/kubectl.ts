import { execFile } from 'node:child_process'
import { ClusterError } from './cluster-error.ts'

/** Runs a command against the cluster and gives what it printed; throws a ClusterError with what it said where it fails. */
export type Kubectl = (args: readonly string[]) => Promise<string>

export function kubectlFor(command: string, kubeconfig: string): Kubectl {
  return (args) => new Promise((resolve, reject) => {
    execFile(command, ['--kubeconfig', kubeconfig, ...args], { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new ClusterError('refused', `${args.join(' ')}: ${stderr.trim() || error.message}`, 'the API server\'s own words are above'))
    })
  })
}
