import type { ApplicationScope } from '../discover/repository.ts'
import { entriesOf } from '../ignore-entries.ts'
import { defineRule, type Rule } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'rule-matches-nothing',
    severity: 'warning',
    recommended: true,
    summary: 'Every ignore rule names an object that its Application deploys',
    messages: {
      nothing: 'no {kind} {name} is among the objects of Application {application}: this rule does nothing here',
      elsewhere: '{kind} {name} belongs to Application {owner}: this rule does nothing in {application}',
    },
    hint: 'name and namespace are compared exactly; the rule belongs into the Application that deploys the object',
    threads: ['argoproj/argo-cd#18254'],
  },
  check({ applications, report }) {
    for (const application of applications) {
      if (application.objects.length === 0) continue // not rendered: nothing is known of its objects
      for (const { rule, pointer } of entriesOf(application)) {
        if (rule.name === undefined || /[*?[{]/.test(rule.kind)) continue
        if (deploys(application, rule.kind, rule.name, rule.namespace)) continue
        const owner = applications.find((other) => deploys(other, rule.kind, rule.name ?? '', rule.namespace))
        const data = { kind: rule.kind, name: rule.name, application: application.manifest.ref.name }
        if (owner === undefined) report('nothing', { manifest: application.manifest, pointer: `${pointer}/name` }, data)
        else report('elsewhere', { manifest: application.manifest, pointer: `${pointer}/name` }, { ...data, owner: owner.manifest.ref.name })
      }
    }
  },
})

export default rule

function deploys(application: ApplicationScope, kind: string, name: string, namespace: string | undefined): boolean {
  return application.objects.some(({ object }) => object.kind === kind && object.metadata.name === name && (namespace === undefined || object.metadata.namespace === namespace))
}
