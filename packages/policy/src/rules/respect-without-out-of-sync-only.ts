import { valueAt } from '@rollsync/manifests'
import { defineRule, type Rule } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'respect-without-out-of-sync-only',
    severity: 'warning',
    recommended: true,
    summary: 'RespectIgnoreDifferences is not taken for a protection of lists',
    messages: {
      lists: 'RespectIgnoreDifferences=true does not keep a list element in Argo CD {argocd}: {what}',
    },
    hint: 'add ApplyOutOfSyncOnly=true, or keep the route in Git (`rollsync generate --anchor`) without this option',
    threads: ['argoproj/argo-cd#9678', 'argoproj/argo-cd#17694', 'argoproj/argo-cd#25284'],
  },
  check({ canaries, report }) {
    for (const { application, profiles: { argocd } } of canaries) {
      if (application === undefined) continue
      const { syncOptions } = application.spec
      if (!syncOptions.includes('RespectIgnoreDifferences=true') || syncOptions.includes('ApplyOutOfSyncOnly=true')) continue
      const options = valueAt(application.manifest.value, '/spec/syncPolicy/syncOptions')
      const index = Array.isArray(options) ? options.indexOf('RespectIgnoreDifferences=true') : 0
      const what = argocd.respectIgnoreRestores === 'yes' ? 'a full sync puts the list of Git back' : "it copies the whole live list, and Git's own changes of it never land"
      report('lists', { manifest: application.manifest, pointer: `/spec/syncPolicy/syncOptions/${index}` }, { argocd: argocd.version, what })
    }
  },
})

export default rule
