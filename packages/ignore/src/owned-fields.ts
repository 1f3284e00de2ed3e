import { type KubeObject, refOf } from '@rollsync/manifests'
import type { CanaryCase } from './canary-case.ts'
import { kindOf } from './derive/index.ts'
import type { OwnedFields } from './laws/tight.ts'
import { albSettings } from './routes.ts'

/** Which fields of a canary's objects are the Rollouts controller's, by what the Rollout says and every other Rollout that its world holds: two may share an Ingress. */
export function ownedFields(canary: CanaryCase): OwnedFields {
  const rollouts = new Map<string, KubeObject>()
  for (const { git } of canary.states) for (const [key, object] of git) if (object.kind === 'Rollout' && !rollouts.has(key)) rollouts.set(key, object)
  const owners = [...rollouts.values()].map((rollout) => ({ rollout, alb: albSettings(rollout), mode: 'legacy' as const }))
  return (object) => owners.flatMap((owner) => kindOf(refOf(object))?.owned(object, owner) ?? [])
}
