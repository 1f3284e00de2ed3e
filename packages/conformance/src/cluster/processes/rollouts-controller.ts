import type { ProcessSpec } from '../supervisor.ts'
import type { Site } from './site.ts'

export function rolloutsController({ kubeconfig, ports }: Site, command: string): ProcessSpec {
  return {
    name: 'rollouts-controller', command, env: { AWS_REGION: 'eu-central-1' },
    args: ['--leader-elect=false', '--healthzPort', String(ports.rolloutsHealth), '--metricsport', String(ports.rolloutsMetrics), '--kubeconfig', kubeconfig],
  }
}

export async function isRolloutsReady({ ports }: Site): Promise<boolean> {
  return (await fetch(`http://127.0.0.1:${ports.rolloutsHealth}/healthz`)).ok
}
