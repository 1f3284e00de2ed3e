import type { CounterExample, Verdict } from '../verdict.ts'

/** What syncs do, in the words of a table: the worst first. */
export function syncWords({ verdict, counterExamples }: Verdict): string {
  if (verdict === 'holds') return 'safe'
  if (verdict === 'unverified') return 'unverified'
  const any = (kind: CounterExample['verdict'], change: 'any sync' | 'a change'): boolean => counterExamples.some((one) => one.verdict === kind && (one.gitChange === undefined) === (change === 'any sync'))
  const words = [
    ...(any('outage', 'any sync') ? ['outage'] : any('outage', 'a change') ? ['outage if Git changes it'] : []),
    ...(counterExamples.some((one) => one.verdict === 'unknown') ? ['the sync fails'] : []),
    ...(any('reverts', 'any sync') ? ['lost'] : any('reverts', 'a change') ? ['lost if Git changes it'] : []),
    ...(counterExamples.some((one) => one.verdict === 'freezes') ? ["Git's change never lands"] : []),
  ]
  return words.join('; ')
}
