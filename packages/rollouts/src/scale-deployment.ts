import type { KubeObject } from '@rollsync/manifests'

import { notFound } from './born.ts'
import { fail } from './controller-failure.ts'
import { type Pass, refIn } from './pass.ts'

/** scale_utils.go scaleDeployment: the Deployment that workloadRef names is scaled down as the Rollout takes over. */
export function scaleDeployment(pass: Pass, target: number): void {
  const ref = refIn(pass, 'Deployment', 'apps', pass.rollout.spec.workloadRef?.name ?? '')
  const deployment = pass.client.getLive(ref)
  if (deployment === undefined) return fail(notFound(ref))
  const spec = deployment['spec'] as { readonly replicas?: number }
  const replicas = Math.max(0, target)
  if (replicas !== (spec.replicas ?? 1)) pass.client.update({ ...deployment, spec: { ...spec, replicas } } as KubeObject)
}
