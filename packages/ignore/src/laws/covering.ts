import type { Comparison } from '@rollsync/argocd'
import { refText } from '@rollsync/manifests'
import type { Pair } from '../canary-case.ts'
import type { Judge } from '../judge.ts'
import { type CounterExample, counted, type Verdict, verdictOf } from '../verdict.ts'

/** covering: every state of the timeline compares Synced. */
export async function covering(pairs: readonly Pair[], judge: Judge): Promise<Verdict> {
  const counterExamples: CounterExample[] = []
  const unverified: string[] = []
  for (const pair of pairs) {
    const comparison = await judge.compare(pair.target, pair.live, pair.target)
    if (comparison.sync === 'Synced') continue
    if (comparison.sync === 'unverified') unverified.push(comparison.reason)
    else counterExamples.push({ moment: pair.moments[0] ?? '', moments: pair.moments, resource: pair.resource, what: whatIsSeen(pair, comparison), ...(comparison.sync === 'OutOfSync' ? {} : { verdict: 'unknown' as const }) })
  }
  return verdictOf('covering', counted(pairs.length, 'distinct object'), counterExamples, unverified)
}

function whatIsSeen(pair: Pair, comparison: Exclude<Comparison, { sync: 'Synced' | 'unverified' }>): string {
  switch (comparison.sync) {
    case 'OutOfSync': return `${refText(pair.resource)} is OutOfSync at ${pathsOf(comparison.patch)}`
    case 'Unknown': return `the whole Application is Unknown: ${comparison.condition}`
    case 'panic': return `Argo CD gives no answer, its code panics: ${comparison.error}`
    default: return comparison satisfies never
  }
}

/** The places of a patch, each once, the first three. */
export function pathsOf(patch: readonly { readonly path: string }[]): string {
  const paths = [...new Set(patch.map(({ path }) => path))]
  return paths.slice(0, 3).join(', ') + (paths.length > 3 ? ` and ${paths.length - 3} more` : '')
}
