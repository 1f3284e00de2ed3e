import { nearest } from '../nearest.ts'
import { PolicyError } from '../policy-error.ts'
import type { Rule } from '../rule.ts'
import type { RuleSetting } from './config.ts'

/** The rules that run: the recommended ones and those that are given a severity, with that severity; without those that are off. Throws a PolicyError for an id that no rule has. */
export function configureRules(rules: readonly Rule[], settings: Readonly<Record<string, RuleSetting>>): readonly Rule[] {
  const wanted = new Map(Object.entries(settings))
  const ids = rules.map((rule) => rule.meta.id)
  for (const id of wanted.keys()) if (!ids.includes(id)) throw unknownRule(id, ids)
  return rules.flatMap((rule) => {
    const setting = wanted.get(rule.meta.id) ?? (rule.meta.recommended ? rule.meta.severity : 'off')
    return setting === 'off' ? [] : [{ ...rule, meta: { ...rule.meta, severity: setting } }]
  })
}

/** The error for a rule id that there is not, with the one that was likely meant. */
export function unknownRule(id: string, ids: readonly string[]): PolicyError {
  const near = nearest(id, ids)
  return new PolicyError('UNKNOWN_RULE', `there is no rule ${id}`, { hint: near === undefined ? `the rules are ${ids.join(', ')}` : `did you mean ${near}?` })
}
