import { toPointer, valueAt } from '@rollsync/manifests'
import { defineRule, type Rule } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'updater-undoes-revert',
    severity: 'warning',
    recommended: true,
    summary: 'Nothing writes the image that a revert takes back',
    messages: {
      updater: 'Argo CD Image Updater writes {image} into Application {application}: after a revert it brings the bad image back',
    },
    hint: 'pin the image for the time of an incident, or let the updater write to a branch that is reviewed',
    threads: ['argoproj-labs/argocd-image-updater#1249'],
  },
  check({ canaries, report }) {
    for (const { application, scope } of canaries) {
      const list = application?.manifest.value.metadata.annotations?.[annotation]
      if (application === undefined || list === undefined) continue
      const image = String(valueAt(scope.rollout.object, '/spec/template/spec/containers/0/image') ?? '').replace(/[:@][^/]*$/, '')
      if (image === '' || !list.includes(image)) continue
      report('updater', { manifest: application.manifest, pointer: toPointer(['metadata', 'annotations', annotation]) }, { image, application: application.manifest.ref.name })
    }
  },
})

export default rule

const annotation = 'argocd-image-updater.argoproj.io/image-list'
