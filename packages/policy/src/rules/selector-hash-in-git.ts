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
    for (const { scope } of canaries) {
      for (const { object, manifest } of scope.neighbours) {
        if (object.kind !== 'Service' || valueAt(object, `/spec/selector/${hash}`) === undefined) continue
        report('hash', { manifest, pointer: toPointer(['spec', 'selector', hash]), mark: 'key' }, { role: object.metadata.name }, undefined, [{ do: 'remove', pointer: toPointer(['spec', 'selector', hash]) }])
      }
    }
  },
})

export default rule

const hash = 'rollouts-pod-template-hash'
