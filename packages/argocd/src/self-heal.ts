import type { ArgocdProfile } from './profile.ts'

/** The controller's flags for self-heal, in seconds. `backoff` undefined means a constant timeout. */
export interface SelfHealFlags {
  readonly timeout: number
  readonly backoff?: { readonly timeout: number; readonly factor: number; readonly cap: number }
}

/** argocd_application_controller.go: the defaults of the version; exponential from 2.11.12 on. */
export function selfHealDefaults(profile: ArgocdProfile): SelfHealFlags {
  return profile.selfHealBackoff === 'exponential' ? { timeout: 0, backoff: { timeout: 2, factor: 3, cap: 300 } } : { timeout: 5 }
}

/** appcontroller.go selfHealRemainingBackoff: seconds that must pass between the end of the last operation and the next attempt, after so many attempts. */
export function selfHealDelay(attempts: number, flags: SelfHealFlags): number {
  const { timeout, backoff } = flags
  if (!backoff) return timeout
  let delay = 0
  let next = backoff.timeout
  for (let step = 0; step < attempts && delay < backoff.cap; step++) {
    delay = next
    next = Math.min(next * backoff.factor, backoff.cap)
  }
  return delay
}
