import { albSettings } from '@rollsync/ignore'
import { toPointer } from '@rollsync/manifests'
import { defineRule, type Rule } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'weights-in-git',
    severity: 'warning',
    recommended: true,
    summary: 'Git leaves the weights to the controller',
    messages: {
      action: "Git holds {key}, whose weights are the controller's: every sync writes those of Git",
    },
    hint: 'take the annotation out of Git; the controller writes it with the first deploy',
    threads: ['argoproj/argo-rollouts#849', 'argoproj/argo-cd#12967'],
  },
  check({ canaries, report }) {
    for (const { scope } of canaries) {
      const alb = albSettings(scope.rollout.object)
      if (alb === undefined) continue
      for (const { object, manifest } of scope.around.ofKind('Ingress')) {
        if (!alb.ingresses.includes(object.metadata.name) || object.metadata.annotations?.[alb.rootAction] === undefined) continue
        report('action', { manifest, pointer: toPointer(['metadata', 'annotations', alb.rootAction]), mark: 'key' }, { key: alb.rootAction }, undefined, [{ do: 'remove', pointer: toPointer(['metadata', 'annotations', alb.rootAction]) }])
      }
    }
  },
})

export default rule
