import { pairsOf } from '@rollsync/ignore'
import { type KubeObject, refText } from '@rollsync/manifests'
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
  async check({ canaries, jq, report }) {
    for (const { application, canary } of canaries) {
      if (application === undefined) continue
      const pairs = pairsOf(canary)
      for (const { rule, pointer } of entriesOf(application)) {
        const objects = pairs.filter(({ resource }) => concerns(rule, resource)).flatMap(({ resource, target, live }) => [target, live].map((object: KubeObject) => ({ object, name: refText(resource) })))
        for (const [index, expression] of (rule.jqPathExpressions ?? []).entries()) {
          for (const { object, name } of objects) {
            const answer = await jq.del(expression, object)
            if (answer.answer !== 'error') continue
            report('fails', { manifest: application.manifest, pointer: `${pointer}/jqPathExpressions/${index}` }, { object: name, error: answer.error })
            break
          }
        }
      }
    }
  },
})

export default rule

function concerns(rule: { readonly kind: string; readonly group?: string; readonly name?: string }, resource: { readonly kind: string; readonly group: string; readonly name: string }): boolean {
  return rule.kind === resource.kind && (rule.group ?? '') === resource.group && (rule.name === undefined || rule.name === resource.name)
}
