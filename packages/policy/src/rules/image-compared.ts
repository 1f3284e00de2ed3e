import { compileRules, ignoreFields } from '@rollsync/argocd'
import { valueAt } from '@rollsync/manifests'
import { defineRule, type Rule } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'image-compared',
    severity: 'error',
    recommended: true,
    summary: 'No ignore rule hides the image of a Rollout',
    messages: {
      hidden: 'the rules of Application {application} hide the image of Rollout {rollout}: a release and its revert are not seen',
    },
    hint: 'name the field that another controller writes, not what is around it',
    threads: ['argoproj/argo-cd#11876', 'argoproj/argo-cd#23283'],
  },
  async check({ canaries, jq, report }) {
    for (const { application, scope, profiles } of canaries) {
      if (application === undefined || scope.rollout.application !== application) continue
      const { object } = scope.rollout
      const image = '/spec/template/spec/containers/0/image'
      if (valueAt(object, image) === undefined) continue
      if (!application.spec.ignoreDifferences.some(({ kind }) => kind === object.kind || /[*?[{]/.test(kind))) continue // no rule is for Rollouts
      const rules = await compileRules(application.spec.ignoreDifferences, { profile: profiles.argocd, jq })
      const seen = await ignoreFields(object, rules)
      if (seen.normalized !== 'sides' || valueAt(seen.target, image) !== undefined) continue
      report('hidden', { manifest: application.manifest, pointer: '/spec/ignoreDifferences', mark: 'key' }, { application: application.manifest.ref.name, rollout: object.metadata.name })
    }
  },
})

export default rule
