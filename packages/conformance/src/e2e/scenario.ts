import type { IgnoreDifference } from '@rollsync/argocd'
import { type KubeObject, valueAt } from '@rollsync/manifests'
import type { StoryEvent } from '@rollsync/ignore'
import type { ProgramName } from '../cluster/start.ts'

/** What can happen beside what `rollsync story` knows: `rollsync revert` instead of a person's commit, and a program of the cluster that is killed and comes back. */
export type LiveEvent = StoryEvent | { readonly do: 'revert'; readonly to: string; readonly rollout: string } | { readonly do: 'restart-program'; readonly program: ProgramName }

/** The parts of an Application that make a difference; the rest is the same in every scenario. */
export interface ScenarioApplication {
  readonly ignoreDifferences?: readonly (IgnoreDifference & { readonly namespace?: string })[]
  readonly syncOptions?: readonly string[]
  /** null: by hand only. Absent: `{ prune: true, selfHeal: true }`. */
  readonly automated?: Readonly<Record<string, boolean>> | null
  readonly annotations?: Readonly<Record<string, string>>
}

/** A day to live on a real cluster: what Git holds at the first deploy, under which Application, and what happens. Objects carry no namespace: each scenario gets one of its own. */
export interface Scenario {
  readonly name: string
  readonly objects: readonly KubeObject[]
  readonly application: ScenarioApplication
  readonly rollout: string
  readonly events: readonly LiveEvent[]
  /** What `rollsync generate` writes into the repository before the deploy. */
  readonly generate?: 'rules' | 'anchor'
  /** `short`: lived in every CI run too. */
  readonly lane?: 'short'
}

/** The name of an object among those of one namespace. */
export function nameIn(object: { readonly kind: string; readonly metadata: { readonly name: string } }): string {
  return `${object.kind}/${object.metadata.name}`
}

/** What `rollsync story` is told: a revert is the commit of that image, or nothing where Git names it already, and a program that comes back is nothing at all. */
export function storyEventsOf({ events, objects }: Scenario): readonly StoryEvent[] {
  let image = valueAt(objects.find((object) => object.kind === 'Rollout'), '/spec/template/spec/containers/0/image')
  return events.map((event) => {
    if (event.do === 'restart-program') return { do: 'sync' }
    if (event.do === 'revert' && event.to === image) return { do: 'sync' }
    const next: StoryEvent = event.do === 'revert' ? { do: 'commit', image: event.to, rollout: event.rollout } : event
    if (next.do === 'commit' && 'image' in next) image = next.image
    return next
  })
}
