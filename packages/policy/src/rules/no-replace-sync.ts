import { albSettings } from '@rollsync/ignore'
import { type Manifest, toPointer, valueAt } from '@rollsync/manifests'
import { defineRule, type Rule } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'no-replace-sync',
    severity: 'error',
    recommended: true,
    summary: 'No sync replaces an object that the controller writes into',
    messages: {
      replace: '{option} puts {kind} {name} back to what Git holds, live-only annotations included: the weights are gone until the controller writes them again',
    },
    hint: 'take the option away, or move the object to an Application without it',
    threads: ['argoproj/argo-cd#8970'],
  },
  check({ canaries, report }) {
    for (const { application, scope } of canaries) {
      const alb = albSettings(scope.rollout.object)
      if (application === undefined || alb === undefined) continue
      const options = valueAt(application.manifest.value, '/spec/syncPolicy/syncOptions')
      for (const { object, manifest } of application.objects.filter((one) => one.object.kind === 'Ingress' && alb.ingresses.includes(one.object.metadata.name))) {
        const data = { kind: object.kind, name: object.metadata.name }
        for (const [index, option] of (Array.isArray(options) ? options : []).entries()) {
          if (option === 'Replace=true' || option === 'Force=true') report('replace', { manifest: application.manifest, pointer: `/spec/syncPolicy/syncOptions/${index}` }, { ...data, option })
        }
        for (const option of ownOptions(manifest)) report('replace', { manifest, pointer: toPointer(['metadata', 'annotations', annotation]) }, { ...data, option })
      }
    }
  },
})

export default rule

const annotation = 'argocd.argoproj.io/sync-options'

function ownOptions(manifest: Manifest): readonly string[] {
  return (manifest.value.metadata.annotations?.[annotation] ?? '').split(',').map((option) => option.trim()).filter((option) => option === 'Replace=true' || option === 'Force=true')
}
