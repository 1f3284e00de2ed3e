import { jsonEqual } from '@rollsync/manifests'
import { readApplication } from '../discover/application.ts'
import { errorConditions } from '../live/live-status.ts'
import { defineRule, type Rule } from '../rule.ts'
import { applicationSpot } from '../spots.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'live-application-as-in-git',
    severity: 'warning',
    recommended: true,
    needs: 'live',
    summary: 'The Application in the cluster compares and syncs as the one in Git says, and reports no error',
    messages: {
      differs: 'Application {application} has other {what} in the cluster than in Git: until that is synced, the cluster does not do what is judged here',
      condition: 'Application {application} reports {conditions} in the cluster',
    },
    hint: 'kubectl get application {application} -o yaml shows what it holds and says',
    threads: [],
  },
  check({ live, report }) {
    for (const { application, live: object } of live.applications) {
      const name = application.manifest.ref.name
      const there = readApplication(object)
      const { spec } = application
      const differing = [
        ...(jsonEqual(there.ignoreDifferences, spec.ignoreDifferences) ? [] : ['ignoreDifferences']),
        ...(jsonEqual(there.syncOptions.toSorted(), spec.syncOptions.toSorted()) ? [] : ['syncOptions']),
        ...(there.automated === spec.automated && there.selfHeal === spec.selfHeal ? [] : ['automated sync']),
        ...(there.compareMode === spec.compareMode || !jsonEqual(there.syncOptions, spec.syncOptions) ? [] : ['compare options']),
      ]
      if (differing.length > 0) report('differs', applicationSpot(application), { application: name, what: differing.join(' and ') })
      const conditions = errorConditions(object)
      if (conditions.length > 0) report('condition', { manifest: application.manifest, pointer: '/metadata/name' }, { application: name, conditions: conditions.join(', ') })
    }
  },
})

export default rule
