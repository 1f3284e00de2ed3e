import { isMap, valueAt } from '@rollsync/manifests'
import { defineRule, type Rule } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'pause-is-told',
    severity: 'info',
    recommended: true,
    summary: 'Somebody is told when a canary waits for a decision',
    messages: {
      silent: 'step {step} waits until somebody decides, and no notification is subscribed to',
    },
    hint: 'subscribe one, e.g. the annotation notifications.argoproj.io/subscribe.on-rollout-paused.slack',
    threads: ['argoproj/argo-rollouts#3721'],
  },
  check({ canaries, report }) {
    for (const { scope: { rollout: { object, manifest } } } of canaries) {
      if (Object.keys(object.metadata.annotations ?? {}).some((key) => key.startsWith('notifications.argoproj.io/subscribe'))) continue
      const steps = valueAt(object, '/spec/strategy/canary/steps')
      for (const [index, step] of (Array.isArray(steps) ? steps : []).entries()) {
        const pause: unknown = valueAt(step, '/pause')
        if (isMap(pause) && pause['duration'] === undefined) report('silent', { manifest, pointer: `/spec/strategy/canary/steps/${index}/pause`, mark: 'key' }, { step: index + 1 })
      }
    }
  },
})

export default rule
