import { toPointer, valueAt } from '@rollsync/manifests'
import { defineRule, type Rule } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'selector-hash-in-git',
    severity: 'error',
    recommended: true,
    summary: 'No Service in Git selects a pod template hash',
    messages: {
      hash: "Git's selector holds rollouts-pod-template-hash: every sync points {role} back at the pods of one old ReplicaSet",
    },
    hint: 'take the hash out of Git; the controller puts it into the live Service',
    threads: ['argoproj/argo-rollouts#2116'],
  },
  check({ canaries, report }) {
    const seen = new Set<object>()
    // A namespace of many Rollouts: each of its Services is looked at once.
    for (const around of new Set(canaries.map(({ scope }) => scope.around))) {
      for (const { object, manifest } of around.ofKind('Service')) {
        if (seen.size === seen.add(object).size || valueAt(object, `/spec/selector/${hash}`) === undefined) continue
        report('hash', { manifest, pointer: toPointer(['spec', 'selector', hash]), mark: 'key' }, { role: object.metadata.name }, undefined, [{ do: 'remove', pointer: toPointer(['spec', 'selector', hash]) }])
      }
    }
  },
})

export default rule

const hash = 'rollouts-pod-template-hash'
