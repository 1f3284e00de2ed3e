import { refText, valueAt } from '@rollsync/manifests'
import type { LiveObject } from '../live/live-object.ts'
import { liveStatusOf } from '../live/live-status.ts'
import { defineRule, type Rule } from '../rule.ts'
import { applicationSpot } from '../spots.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'live-compares-synced',
    severity: 'warning',
    recommended: true,
    needs: 'live',
    summary: 'What the cluster holds now compares Synced with what was applied last',
    messages: {
      drift: '{object} is OutOfSync now{moment}: {differences} (Argo CD {argocd})',
      unknown: 'the whole Application {application} is Unknown now: {why} (Argo CD {argocd})',
      panic: 'Argo CD {argocd} gives no answer for {object} as it is now, its code panics: {why}',
    },
    hint: 'for what a controller writes, `rollsync generate --write` adds the rule; what a person wrote belongs into Git, or away',
    threads: ['argoproj/argo-rollouts#2465'],
  },
  check({ live, report, unverified }) {
    for (const one of live.objects) {
      const { comparison, application } = one
      const said = live.applications.find((other) => other.application === application)
      const doubt = said === undefined ? undefined : doubtOf(one, liveStatusOf(said.live, one.resource))
      if (doubt !== undefined) unverified(doubt)
      const data = { object: refText(one.resource), application: application.manifest.ref.name, argocd: one.canaries[0]?.argocd ?? '', moment: one.moment === '' ? '' : ` (${one.moment})` }
      if (comparison.sync === 'OutOfSync') report('drift', applicationSpot(application), { ...data, differences: differencesOf(one) })
      else if (comparison.sync === 'Unknown') report('unknown', applicationSpot(application), { ...data, why: comparison.condition })
      else if (comparison.sync === 'panic') report('panic', applicationSpot(application), { ...data, why: comparison.error })
    }
  },
})

export default rule

/** Who made what Argo CD sees; where nobody can be named, the places alone. */
function differencesOf({ differences, comparison }: LiveObject): string {
  const seen = differences.filter((one) => one.visible === 'yes').map(({ pointer, who, why }) => `${pointer} is by ${who} (${why})`)
  const places = comparison.sync === 'OutOfSync' ? [...new Set(comparison.patch.map(({ path }) => path))].map((path) => `at ${path}`) : []
  const told = seen.length > 0 ? seen : places
  return told.slice(0, 3).join('; ') + (told.length > 3 ? `; and ${told.length - 3} more` : '')
}

/** Where Argo CD itself says another thing of the object, one of the two looks at something that the other does not have: then neither is kept silent. */
function doubtOf({ comparison, resource, application, live }: LiveObject, status: string | undefined): string | undefined {
  if (status === undefined || status === comparison.sync || (comparison.sync !== 'Synced' && comparison.sync !== 'OutOfSync')) return undefined
  if (comparison.sync === 'Synced' && valueAt(live, '/metadata/deletionTimestamp') !== undefined) return undefined
  return `live ${refText(resource)}: its Application ${application.manifest.ref.name} calls it ${status}, compared here with what was applied last it is ${comparison.sync}: the Application may look at another revision, or has not looked again yet`
}
