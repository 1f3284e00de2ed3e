import type { CounterExample, Verdict } from '../verdict.ts'

/** What syncs do, in the words of a table: the worst first. */
export function syncWords({ verdict, counterExamples }: Verdict): string {
  if (verdict === 'holds') return 'safe'
  if (verdict === 'unverified') return 'unverified'
  const any = (kind: CounterExample['verdict'], change: 'any sync' | 'a change'): boolean => counterExamples.some((one) => one.verdict === kind && (one.gitChange === undefined) === (change === 'any sync'))
  const stays = counterExamples.filter((one) => one.restored === undefined)
  const mended = counterExamples.filter((one) => one.restored !== undefined)
  const lost = (list: readonly CounterExample[], word: string): readonly string[] => {
    const reverts = list.filter((one) => one.verdict === 'reverts')
    return reverts.length === 0 ? [] : [reverts.some((one) => one.gitChange === undefined) ? word : `${word} if Git changes it`]
  }
  const words = [
    ...(any('outage', 'any sync') ? ['outage'] : any('outage', 'a change') ? ['outage if Git changes it'] : []),
    ...(counterExamples.some((one) => one.verdict === 'unknown') ? ['the sync fails'] : []),
    ...lost(stays, 'lost'),
    ...lost(mended, 'weights set back'),
    ...(counterExamples.some((one) => one.verdict === 'freezes') ? ["Git's change never lands"] : []),
  ]
  return words.join('; ')
}
