import { goJson } from './go-json.ts'
import type { CanaryStep, Rollout } from './rollout.ts'

const known = new WeakMap<readonly CanaryStep[], string>()

/** utils/conditions ComputeStepHash: FNV-1a of the steps' JSON, safe-encoded. '' for a Rollout that is no canary. */
export function stepHash(rollout: Rollout): string {
  const { blueGreen, canary } = rollout.spec.strategy
  if (blueGreen !== undefined || canary === undefined) return ''
  if (canary.steps === undefined) return safeEncode(String(fnv1a('null')))
  const found = known.get(canary.steps)
  if (found !== undefined) return found
  const hash = safeEncode(String(fnv1a(goJson(canary.steps))))
  known.set(canary.steps, hash)
  return hash
}

function fnv1a(text: string): number {
  return new TextEncoder().encode(text).reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193) >>> 0, 0x811c9dc5)
}

// apimachinery rand.SafeEncodeString
const SAFE = 'bcdfghjklmnpqrstvwxz2456789'

function safeEncode(text: string): string {
  return [...text].map((character) => SAFE[character.charCodeAt(0) % SAFE.length]).join('')
}
