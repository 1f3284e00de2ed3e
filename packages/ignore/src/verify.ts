import type { CanaryCase } from './canary-case.ts'
import { pairsOf } from './canary-case.ts'
import type { Judge } from './judge.ts'
import { covering } from './laws/covering.ts'
import { minimal } from './laws/minimal.ts'
import { symmetric } from './laws/symmetric.ts'
import { syncSafe } from './laws/sync-safe.ts'
import type { AlbSettings } from './routes.ts'
import type { Law, Verdict } from './verdict.ts'

/** Judges rules and sync options by the laws asked for (all by default), each over every distinct object that the states hold. */
export async function verify(canary: CanaryCase, judge: Judge, settings: { readonly alb: AlbSettings | undefined; readonly laws?: readonly Law[] }): Promise<readonly Verdict[]> {
  const pairs = pairsOf(canary)
  const verdicts: Verdict[] = []
  for (const law of settings.laws ?? provenLaws) {
    if (law === 'covering') verdicts.push(await covering(pairs, judge))
    if (law === 'symmetric') verdicts.push(await symmetric(pairs, judge))
    if (law === 'minimal') verdicts.push(await minimal(pairs, judge))
    if (law === 'sync-safe') verdicts.push(await syncSafe(pairs, judge, settings.alb))
  }
  return verdicts
}

export const provenLaws: readonly Law[] = ['covering', 'symmetric', 'minimal', 'sync-safe']
