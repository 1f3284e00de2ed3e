import { entriesOf } from '../ignore-entries.ts'
import { defineRule, type Rule } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'expression-runs',
    severity: 'warning',
    recommended: true,
    summary: 'No expression fails at run time in a state of the canary',
    messages: {
      fails: 'this expression fails on {object} ({error}): Argo CD skips it there without a word',
    },
    hint: 'use `[]?` for every list: `.spec.rules[]?.http.paths[]?`',
    threads: ['argoproj/argo-cd#25602', 'argoproj/argo-cd#18197'],
  },
  check({ canaries, report }) {
    for (const { application, failing } of canaries) {
      if (application === undefined) continue
      const entries = entriesOf(application)
      for (const { rule, expression, object, error } of failing) {
        report('fails', { manifest: application.manifest, pointer: `${entries[rule]?.pointer ?? '/spec/ignoreDifferences'}/jqPathExpressions/${expression}` }, { object, error })
      }
    }
  },
})

export default rule
