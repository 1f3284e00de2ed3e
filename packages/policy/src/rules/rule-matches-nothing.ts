import type { IgnoreDifference } from '@rollsync/argocd'
import { groupOf } from '@rollsync/manifests'
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
      group: 'this rule is for {kind} of {given}, and Application {application} deploys it of {group}: it does nothing here',
      elsewhere: '{kind} {name} belongs to Application {owner}: this rule does nothing in {application}',
    },
    hint: 'name and namespace are compared exactly; the rule belongs into the Application that deploys the object',
    threads: ['argoproj/argo-cd#18254'],
  },
  check({ applications, report }) {
    for (const application of applications) {
      if (application.objects.length === 0) continue // not rendered: nothing is known of its objects
      for (const { rule, pointer } of entriesOf(application)) {
        const group = otherGroup(application, rule)
        if (group !== undefined) {
          report('group', { manifest: application.manifest, pointer: `${pointer}/${rule.group === undefined ? 'kind' : 'group'}` }, { kind: rule.kind, given: groupText(rule.group ?? ''), group: groupText(group), application: application.manifest.ref.name }, `write \`group: ${group === '' ? '""' : group}\`; where there is none, the core group is meant`)
          continue
        }
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

/** The group that the Application deploys a rule's kind of, where that is another one than the rule says: then the rule never matches. */
function otherGroup(application: ApplicationScope, { group = '', kind, name }: IgnoreDifference): string | undefined {
  if (/[*?[{]/.test(`${group}${kind}`)) return undefined
  const same = application.objects.filter(({ object }) => object.kind === kind && (name === undefined || object.metadata.name === name)).map(({ object }) => groupOf(object.apiVersion))
  return same.includes(group) ? undefined : same[0]
}

function groupText(group: string): string {
  return group === '' ? 'the core group' : group
}

function deploys(application: ApplicationScope, kind: string, name: string, namespace: string | undefined): boolean {
  return application.objects.some(({ object }) => object.kind === kind && object.metadata.name === name && (namespace === undefined || object.metadata.namespace === namespace))
}
