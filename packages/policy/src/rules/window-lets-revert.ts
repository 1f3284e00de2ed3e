import { type SyncWindow, windowsOf } from '@rollsync/argocd'
import type { ApplicationScope } from '../discover/repository.ts'
import { destinationOf, type FoundProject, projectsOf } from '../projects.ts'
import { defineRule, type Rule } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'window-lets-revert',
    severity: 'info',
    recommended: true,
    summary: 'No sync window holds up the sync of a revert while a canary may run',
    messages: {
      deny: 'this window denies syncs of {applications} for {duration} from {schedule}{zone}: a revert that is committed then {outcome}',
      allow: 'syncs of {applications} are allowed only for {duration} from {schedule}{zone} and in other windows of this kind: a revert that is committed at any other time {outcome}',
    },
    hint: 'manualSync: true lets a person sync the revert; `kubectl argo rollouts undo` does not wait for a window, and is OutOfSync until Git agrees',
    threads: [],
  },
  check({ repository, canaries, report }) {
    const projects = projectsOf(repository)
    const owners = [...new Set(canaries.flatMap(({ scope }) => scope.rollout.application ?? []))]
    for (const found of projects.all) {
      const mine = owners.filter((application) => projects.of(application) === found)
      for (const [index, window] of found.project.syncWindows.entries()) {
        if (window.kind !== 'deny' && window.kind !== 'allow') continue
        const held = mine.filter((application) => concerned(application, found).includes(index))
        if (held.length > 0) report(window.kind, { manifest: found.manifest, pointer: `/spec/syncWindows/${index}` }, dataOf(window, held))
      }
    }
  },
})

export default rule

/** A window may name the cluster by what Git does not hold; then the Application's name and namespace alone tell. */
function concerned(application: ApplicationScope, { project }: FoundProject): readonly number[] {
  const { spec, manifest } = application
  const destination = destinationOf(application, { ...project, destinations: [], permitOnlyProjectScopedClusters: 'no' }) ?? { server: '', name: '', namespace: spec.destinationNamespace }
  return windowsOf(project, { name: manifest.ref.name, destination })
}

function dataOf({ schedule, duration, timeZone, manualSync }: SyncWindow, held: readonly ApplicationScope[]): Readonly<Record<string, string>> {
  const names = held.map(({ manifest }) => manifest.ref.name)
  const applications = `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more with a canary` : ''}`
  return { applications, schedule: `"${schedule}"`, duration, zone: timeZone === '' ? ' UTC' : ` ${timeZone}`, outcome: manualSync === 'yes' ? 'waits for a person who syncs it' : 'is not applied until it ends' }
}
