import type { CounterExample } from '@rollsync/ignore'
import { entriesOf } from '../ignore-entries.ts'
import { defineRule, type Rule } from '../rule.ts'
import { ignoreSpot } from '../spots.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'rule-too-broad',
    severity: 'warning',
    recommended: true,
    summary: 'A rule for the canary hides what the Rollouts controller owns, and nothing else',
    messages: {
      broad: '{what}{more}: this rule hides it, and the Rollouts controller never writes it',
    },
    hint: 'name the route: `rollsync generate` writes the expression that is enough',
    threads: ['argoproj/argo-rollouts#2465', 'argoproj/argo-cd#9696'],
  },
  check({ canaries, report }) {
    for (const canary of canaries) {
      for (const [index, examples] of byRule(canary.verdict('tight')?.counterExamples ?? [])) {
        const entry = canary.application === undefined || index === undefined ? undefined : entriesOf(canary.application)[index]
        const spot = entry === undefined || canary.application === undefined ? ignoreSpot(canary) : { manifest: canary.application.manifest, pointer: entry.pointer }
        const others = new Set(examples.map((one) => one.what)).size - 1
        report('broad', spot, { what: examples[0]?.what ?? '', more: others === 0 ? '' : ` (nor are ${others} other changes)` })
      }
    }
  },
})

export default rule

/** One finding for each entry of ignoreDifferences. */
function byRule(examples: readonly CounterExample[]): ReadonlyMap<number | undefined, readonly CounterExample[]> {
  const groups = new Map<number | undefined, CounterExample[]>()
  for (const one of examples) groups.set(one.rule, [...(groups.get(one.rule) ?? []), one])
  return groups
}
