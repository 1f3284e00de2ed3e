import { refKey } from '@rollsync/manifests'
import { defineRule, type Rule } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'rollout-valid',
    severity: 'error',
    recommended: true,
    summary: 'The controller accepts the Rollout and what it refers to',
    messages: {
      invalid: 'the controller rejects this Rollout: {error}',
      fails: 'the controller fails on this Rollout on every sync: {error}',
    },
    hint: 'as long as this stands no canary runs, and not even the ReplicaSet of a new image is created',
    threads: ['argoproj/argo-rollouts#2829'],
  },
  check({ canaries, report, unverified }) {
    for (const { scope, faults, doubtful } of canaries) {
      for (const pointer of doubtful) {
        const at = scope.rollout.manifest.at(pointer)
        unverified(`${at.file}:${at.line}: whether Kubernetes accepts ${pointer} of Rollout ${scope.rollout.object.metadata.name} is not known here`)
      }
      if (faults.length === 0) continue
      const manifests = new Map([scope.rollout, ...scope.neighbours].map((one) => [refKey({ ...one.manifest.ref, namespace: one.object.metadata.namespace ?? '' }), one.manifest]))
      for (const fault of faults) {
        const manifest = manifests.get(refKey(fault.object)) ?? scope.rollout.manifest
        const pointer = manifest === scope.rollout.manifest || refKey(fault.object) === refKey(manifest.ref) ? fault.pointer : ''
        report(fault.outcome === 'invalid' ? 'invalid' : 'fails', { manifest, pointer }, { error: fault.error }, fault.error.endsWith(' not found') ? elsewhere : undefined)
      }
    }
  },
})

const elsewhere = 'where another repository or chart brings it, give its folder too: rollsync check . ../platform'

export default rule
