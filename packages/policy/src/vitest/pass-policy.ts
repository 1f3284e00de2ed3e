import type { Law } from '@rollsync/ignore'
import { checkPolicy, lawDoubts } from '../check-policy.ts'
import { configureRules, unknownRule } from '../config/configure-rules.ts'
import type { JudgedCanary } from '../judged-canary.ts'
import type { Rule } from '../rule.ts'
import { rules } from '../rules/index.ts'
import { failed, findingTexts, type MatcherAnswer, passed, unreadable } from './answer.ts'
import type { Releases } from './judge-law.ts'
import type { LoadedRepository } from './load-repository.ts'

/** Runs one rule, by its id or itself, or every recommended one. Any finding of a rule that is asked for by name fails, otherwise errors and warnings do; so does what could not be known. */
export async function passPolicy(loaded: LoadedRepository, rule: Rule | string | undefined, releases: Releases = {}): Promise<MatcherAnswer> {
  const broken = unreadable(loaded)
  if (broken !== undefined) return broken
  const unasked = new Set<string>()
  const chosen = rule === undefined ? configureRules(rules, {}) : [watched(typeof rule === 'string' ? ruleNamed(rule) : rule, unasked)]
  const report = await checkPolicy(loaded.repository, {
    rules: chosen, ...(releases.argocd === undefined ? {} : { argocdVersion: releases.argocd }), ...(releases.rollouts === undefined ? {} : { rolloutsVersion: releases.rollouts }),
  })
  const counted = report.findings.filter((one) => rule !== undefined || one.severity !== 'info')
  const name = rule === undefined ? `all ${chosen.length} recommended rules` : `rule ${chosen[0]?.meta.id ?? ''}`
  const broke = [...new Set(counted.map((one) => one.rule))].sort()
  if (counted.length > 0) return failed(`${loaded.folder} breaks ${broke.length === 1 ? 'rule' : `${broke.length} rules,`} ${broke.join(', ')} in ${counted.length === 1 ? 'one place' : `${counted.length} places`}`, findingTexts(counted, loaded))
  const doubts = report.unverified.filter((sentence) => !unasked.has(sentence))
  if (doubts.length > 0) return failed(`not proven: ${loaded.folder} passes ${name}`, doubts.map((reason) => `unverified  ${reason}`))
  return passed(`${loaded.folder} passes ${name} (Argo CD ${report.argocd}, Argo Rollouts ${report.rollouts})`)
}

/** The same rule, which notes the doubts of laws that it does not ask for: they are none of its own. */
function watched(rule: Rule, unasked: Set<string>): Rule {
  return {
    ...rule,
    check: async (context) => {
      const asked = new Set<Law>()
      const canaries = context.canaries.map((canary): JudgedCanary => ({
        ...canary,
        get verdicts() {
          for (const { law } of canary.verdicts) asked.add(law)
          return canary.verdicts
        },
        verdict: (law) => {
          asked.add(law)
          return canary.verdict(law)
        },
      }))
      await rule.check({ ...context, canaries })
      for (const canary of context.canaries) for (const verdict of canary.verdicts) if (!asked.has(verdict.law)) for (const sentence of lawDoubts(canary, verdict)) unasked.add(sentence)
    },
  }
}

function ruleNamed(id: string): Rule {
  const found = rules.find((one) => one.meta.id === id)
  if (found === undefined) throw unknownRule(id, rules.map((one) => one.meta.id))
  return found
}
