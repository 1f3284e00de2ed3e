import type { Pass } from './pass.ts'
import { validate, type ValidationError } from './validate/index.ts'

/** The controller's first error about the Rollout and what it refers to (controller.go getRolloutValidationErrors), read from the informer caches. */
export function firstFault(pass: Pass): ValidationError | undefined {
  return validate(pass.rollout, pass.client.cache, pass.profile)[0]
}
