import { refOf, valueAt } from '@rollsync/manifests'
import type { ApplicationScope } from './discover/repository.ts'
import type { JudgedCanary } from './judged-canary.ts'
import type { Spot } from './rule.ts'

/** Where a person mends what a canary's ignore rules do: the ignoreDifferences of its Application, else the Application's spec, else the Rollout. */
export function ignoreSpot(canary: JudgedCanary): Spot {
  return canary.application === undefined ? { manifest: canary.scope.rollout.manifest, pointer: '/metadata/name' } : applicationSpot(canary.application)
}

/** The ignoreDifferences of an Application, else its spec. */
export function applicationSpot({ manifest: application }: ApplicationScope): Spot {
  const pointer = '/spec/ignoreDifferences'
  return valueAt(application.value, pointer) === undefined
    ? { manifest: application, pointer: '/spec', mark: 'key' }
    : { manifest: application, pointer, mark: 'key' }
}

/** A spot with the first of the moments at which the fault shows. */
export function spotAt(spot: Spot, { scope, application }: Pick<JudgedCanary, 'scope' | 'application'>, moments: readonly string[]): Spot {
  const [words] = moments
  if (words === undefined) return spot
  return { ...spot, moment: { rollout: refOf(scope.rollout.object), ...(application === undefined ? {} : { application: application.manifest.ref }), words } }
}
