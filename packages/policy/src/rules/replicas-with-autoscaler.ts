import { valueAt } from '@rollsync/manifests'
import { defineRule, type Rule } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'replicas-with-autoscaler',
    severity: 'warning',
    recommended: true,
    summary: 'Replicas are in Git or with an autoscaler, not both',
    messages: {
      both: 'Git holds spec.replicas: {replicas}, and HorizontalPodAutoscaler {autoscaler} writes the same field: every sync scales back',
    },
    hint: 'take spec.replicas out of Git, or ignore /spec/replicas of this Rollout',
    threads: ['argoproj/argo-cd#2918'],
  },
  check({ canaries, report }) {
    for (const { scope: { rollout: { object, manifest, application }, around } } of canaries) {
      const replicas = valueAt(object, '/spec/replicas')
      const ignored = application?.spec.ignoreDifferences.some((rule) => rule.kind === 'Rollout' && (rule.jsonPointers ?? []).includes('/spec/replicas'))
      const autoscaler = around.ofKind('HorizontalPodAutoscaler').find((one) => valueAt(one.object, '/spec/scaleTargetRef/kind') === 'Rollout' && valueAt(one.object, '/spec/scaleTargetRef/name') === object.metadata.name)
      if (typeof replicas !== 'number' || ignored === true || autoscaler === undefined) continue
      report('both', { manifest, pointer: '/spec/replicas', mark: 'key' }, { replicas, autoscaler: autoscaler.object.metadata.name })
    }
  },
})

export default rule
