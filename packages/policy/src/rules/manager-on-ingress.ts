import { entriesOf } from '../ignore-entries.ts'
import { defineRule, type Rule } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'manager-on-ingress',
    severity: 'error',
    recommended: true,
    summary: 'No rule ignores everything that the Rollouts controller ever wrote into a routed object',
    messages: {
      manager: 'managedFieldsManagers {manager} hides all of {kind} spec.rules once the controller has written there: no later change in Git is seen',
    },
    hint: 'name the route instead: `rollsync generate` writes the expression',
    threads: ['argoproj/argo-rollouts#3854', 'argoproj/argo-rollouts#4539', 'argoproj/argo-cd#9696'],
  },
  check({ canaries, report }) {
    for (const { application } of canaries) {
      if (application === undefined) continue
      for (const { rule, pointer } of entriesOf(application)) {
        for (const [index, manager] of (rule.managedFieldsManagers ?? []).entries()) {
          if (!/rollouts/i.test(manager) || !/^(Ingress|VirtualService|HTTPRoute|\*)$/.test(rule.kind)) continue
          report('manager', { manifest: application.manifest, pointer: `${pointer}/managedFieldsManagers/${index}` }, { manager, kind: rule.kind })
        }
      }
    }
  },
})

export default rule
