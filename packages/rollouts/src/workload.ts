import type { KubeObject } from '@rollsync/manifests'

import type { Client } from './client.ts'
import type { Pass } from './pass.ts'
import type { Rollout } from './rollout.ts'
import { resolveWorkload } from './validate/references/workload.ts'

const GENERATION = 'rollout.argoproj.io/workload-generation'

/**
 * templateref.go Resolve: the Rollout with the pod template (and, where it has none, the selector) of the workload that workloadRef names, and that workload's generation as an
 * annotation; without a workloadRef that annotation goes. All of it in memory only. A reference that leads nowhere is told by validation.
 */
export function withWorkload(client: Client, rollout: Rollout): Rollout {
  const resolution = resolveWorkload(rollout, client.cache)
  if (resolution.workload === 'unresolved') return rollout
  const workload = resolution.workload === 'resolved' ? client.get(refOfWorkload(rollout)) : undefined
  const { [GENERATION]: old, ...annotations } = rollout.metadata.annotations ?? {}
  const generation = workload === undefined ? undefined : String(workload.metadata['generation'] ?? 0)
  if (old === generation) return resolution.rollout
  const next = generation === undefined ? annotations : { ...annotations, [GENERATION]: generation }
  return { ...resolution.rollout, metadata: { ...resolution.rollout.metadata, annotations: next } }
}

/** Names the object that workloadRef refers to. */
export function refOfWorkload({ spec, metadata }: Rollout): { readonly group: string; readonly kind: string; readonly namespace: string; readonly name: string } {
  const { apiVersion = '', kind = '', name = '' } = spec.workloadRef ?? {}
  const slash = apiVersion.indexOf('/')
  return { group: slash < 0 ? '' : apiVersion.slice(0, slash), kind, namespace: metadata.namespace ?? '', name }
}

/** Writes the Rollout without what was resolved into it (types.go MarshalJSON), and goes on with what the API server answers, resolved again. */
export function updateRollout(pass: Pass, rollout: Rollout, subresource?: 'status'): void {
  pass.rollout = withWorkload(pass.client, pass.client.update(withoutResolved(pass, rollout), subresource) as Rollout)
  pass.wroteRollout = true
}

function withoutResolved(pass: Pass, rollout: Rollout): KubeObject {
  if (rollout.spec.workloadRef === undefined) return rollout
  const live = pass.client.getLive({ group: 'argoproj.io', kind: 'Rollout', namespace: rollout.metadata.namespace ?? '', name: rollout.metadata.name })?.['spec'] as Rollout['spec'] | undefined
  const { template: _, selector: __, ...spec } = rollout.spec
  return { ...rollout, spec: { ...spec, ...(live?.template === undefined ? {} : { template: live.template }), ...(live?.selector === undefined ? {} : { selector: live.selector }) } }
}
