import type { IgnoreDifference } from '@rollsync/argocd'
import type { Pair } from '../canary-case.ts'
import type { Judge } from '../judge.ts'
import { type CounterExample, counted, type Verdict, verdictOf } from '../verdict.ts'
import { driftOf } from '../drift.ts'
import { covering } from './covering.ts'

/** One expression, pointer or manager of a list of rules, and the list without it. */
export interface Part {
  readonly rule: number
  readonly text: string
  readonly rest: readonly IgnoreDifference[]
}

const lists = ['jqPathExpressions', 'jsonPointers', 'managedFieldsManagers'] as const

/** Every single part of a list of rules; a rule that loses its last part goes whole. */
export function partsOf(rules: readonly IgnoreDifference[]): readonly Part[] {
  return rules.flatMap((rule, index) => lists.flatMap((list) => (rule[list] ?? []).map((text, at) => {
    const shorter = (rule[list] ?? []).filter((_, other) => other !== at)
    const { [list]: _dropped, ...others } = rule
    const left: IgnoreDifference = shorter.length > 0 ? { ...others, [list]: shorter } : others
    const empty = lists.every((name) => (left[name] ?? []).length === 0)
    return { rule: index, text, rest: rules.flatMap((other, at) => (at === index ? (empty ? [] : [left]) : [other])) }
  })))
}

/** One expression, pointer or manager as a rule of its own; `rule` is the index of the rule that it stands in. In the order of `partsOf`. */
export function singleParts(rules: readonly IgnoreDifference[]): readonly { readonly rule: number; readonly text: string; readonly alone: IgnoreDifference; readonly by: (typeof lists)[number] }[] {
  return rules.flatMap((rule, index) => lists.flatMap((by) => (rule[by] ?? []).map((text) => {
    const { jqPathExpressions: _jq, jsonPointers: _pointers, managedFieldsManagers: _managers, ...selector } = rule
    return { rule: index, text, by, alone: { ...selector, [by]: [text] } }
  })))
}

/**
 * minimal: without any one part of the rules, covering breaks at a named moment. Says nothing where covering itself does not hold. Judged are only rules for an object that the canary's controller
 * makes differ: what others write, an autoscaler for one, is no business of it.
 */
export async function minimal(pairs: readonly Pair[], judge: Judge): Promise<Verdict> {
  const parts = partsOf(judge.rules).filter((part) => concernsDrift(judge.rules[part.rule], pairs))
  const checked = counted(parts.length, 'part')
  const whole = await covering(pairs, judge)
  if (whole.verdict !== 'holds') return verdictOf('minimal', checked, [], [`covering is ${whole.verdict}`])
  const counterExamples: CounterExample[] = []
  const spare: Part[] = []
  for (const part of parts) {
    const without = await covering(pairs, judge.withRules(part.rest))
    const resource = pairs[0]?.resource
    if (without.verdict === 'holds' && resource !== undefined) {
      spare.push(part)
      counterExamples.push({ moment: 'every moment', moments: ['every moment'], resource, rule: part.rule, what: `${part.text} is not needed: without it every state is Synced as well` })
    }
  }
  return verdictOf('minimal', `${checked}${spareText(spare)}`, counterExamples, [])
}

/** Which parts could go: one at a time, because of two that do the same either one must stay. */
function spareText(spare: readonly Part[]): string {
  const named = spare.map(({ rule, text }) => `${text} (ignoreDifferences[${rule}])`).join(', ')
  if (spare.length === 0) return ''
  return spare.length === 1 ? `; Synced at every moment without ${named}` : `; Synced at every moment without any one of ${named}`
}

function concernsDrift(rule: IgnoreDifference | undefined, pairs: readonly Pair[]): boolean {
  return pairs.some(({ resource, target, live }) => rule?.kind === resource.kind && (rule.name === undefined || rule.name === resource.name) && resource.kind !== 'Rollout' && driftOf(target, live).length > 0)
}
