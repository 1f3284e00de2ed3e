import { expressionsOf } from '@rollsync/ignore'
import { defineRule, type Rule } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'expression-on-one-line',
    severity: 'warning',
    recommended: true,
    summary: 'Every expression stands on one line',
    messages: {
      folded: 'this expression stands on several lines, which YAML joins by a space: it parses today, and the next formatter may fold it where it does not',
    },
    hint: 'write it in single quotes on one line',
    threads: ['argoproj/argo-cd#16651'],
  },
  async check({ applications, jq, report }) {
    for (const { manifest } of applications) {
      for (const { pointer, expression } of expressionsOf(manifest)) {
        const scalar = manifest.scalarAt(pointer)
        const lines = (scalar?.raw.trim().split('\n').length ?? 1) - (scalar?.style === 'folded' || scalar?.style === 'literal' ? 1 : 0)
        if (lines < 2 || 'answer' in (await jq.check(expression))) continue // expression-parses says more
        report('folded', { manifest, pointer })
      }
    }
  },
})

export default rule
