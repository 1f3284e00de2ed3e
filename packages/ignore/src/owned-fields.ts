import { refOf } from '@rollsync/manifests'
import type { CanaryCase } from './canary-case.ts'
import { rolloutInGit } from './derive.ts'
import { kindOf } from './derive/index.ts'
import type { OwnedFields } from './laws/tight.ts'
import { albSettings } from './routes.ts'

/** Which fields of a canary's objects are the Rollouts controller's, by what the Rollout says. */
export function ownedFields(canary: CanaryCase): OwnedFields {
  const rollout = rolloutInGit(canary)
  if (rollout === undefined) return () => []
  const alb = albSettings(rollout)
  return (object) => kindOf(refOf(object))?.owned(object, { rollout, alb, mode: 'legacy' }) ?? []
}
