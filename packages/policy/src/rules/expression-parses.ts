import { brokenExpressions } from '@rollsync/ignore'
import { defineRule, type Rule } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'expression-parses',
    severity: 'error',
    recommended: true,
    summary: 'Every jqPathExpression parses and compiles in the gojq that Argo CD uses',
    messages: {
      broken: 'gojq rejects this expression: {error}. One such expression takes the whole Application {application} to Unknown, and nothing is synced',
    },
    hint: 'write it in quotes, on one line',
    threads: ['argoproj/argo-cd#7223', 'argoproj/argo-cd#16651'],
  },
  async check({ applications, jq, report, unverified }) {
    for (const { manifest } of applications) {
      const found = await brokenExpressions(manifest, jq)
      for (const one of found.broken) {
        const hint = one.joined === undefined
          ? undefined
          : `the folded lines are joined by a space; \`rollsync generate --write\` writes what was meant: ${one.joined}`
        report('broken', { manifest, pointer: one.pointer }, { error: one.error, application: manifest.ref.name }, hint, one.joined === undefined ? [] : [{ do: 'set', pointer: one.pointer, value: one.joined }])
      }
      for (const one of found.unverified) unverified(`${manifest.file}: ${one.pointer} of Application ${manifest.ref.name}: ${one.reason}`)
    }
  },
})

export default rule
