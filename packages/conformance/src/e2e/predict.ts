import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KubeObject } from '@rollsync/manifests'
import type { Chapter, Story } from '@rollsync/ignore'
import type { ClusterVersions } from '../cluster/programs.ts'
import { isWatched, type Observed, visibleObjects } from './observed.ts'
import { runCommand } from './run-command.ts'
import { type Scenario, storyEventsOf } from './scenario.ts'

/** What `rollsync story` printed, as JSON. */
interface Told {
  readonly chapters: readonly (Omit<Chapter, 'state'> & { readonly world: readonly KubeObject[] })[]
  readonly fights: Story['fights']
}

export interface Prediction {
  /** One for the deploy and one for each event. */
  readonly chapters: readonly Predicted[]
  readonly fights: readonly string[]
}

export interface Predicted extends Observed {
  readonly because: string
  readonly rest: Chapter['rest']
}

/** Asks the built `rollsync story`, as a person would, for the whole day before any of it happens. `nodeOptions`: those of the process. */
export async function predict(scenario: Scenario, repository: string, versions: ClusterVersions, nodeOptions: readonly string[] = []): Promise<Prediction> {
  const script = join(repository, '..', 'events.json')
  writeFileSync(script, JSON.stringify(storyEventsOf(scenario)))
  const args = ['story', repository, '--rollout', scenario.rollout, '--events', script, '--format', 'json', '--argocd-version', versions.argocd.replace(/^v/, ''), '--rollouts-version', versions.rollouts]
  // A story that ends in a fight is told all the same, with exit code 1.
  const { chapters, fights } = JSON.parse(await runCommand(args, [0, 1], { nodeOptions })) as Told
  return { chapters: chapters.map((chapter, index) => predictedOf(chapter, index)), fights }
}

function predictedOf({ sync, because, resources, syncs, heals, writers, world, rest }: Told['chapters'][number], index: number): Predicted {
  const deployed = sync !== 'Unknown' || index > 0
  const nameOf = (key: string): string => {
    const [, kind = '', , name = ''] = key.split('/')
    return `${kind}/${name}`
  }
  return {
    sync, because, rest,
    resources: Object.fromEntries(resources.map(({ ref, sync: said }) => [`${ref.kind}/${ref.name}`, said])),
    // The first sync deploys; a story begins after it.
    syncs: syncs + (index === 0 && deployed ? 1 : 0),
    heals: heals > 0,
    writers: deployed ? Object.fromEntries(Object.entries(writers).map(([key, who]) => [nameOf(key), who] as const).filter(([name]) => isWatched({ kind: name.split('/')[0] ?? '' }))) : {},
    objects: deployed ? visibleObjects(world, byAge(world)) : {},
  }
}

/** A hash is predicted as `hash-<n>`, n counting the templates. */
function byAge(world: readonly KubeObject[]): readonly KubeObject[] {
  const count = ({ metadata: { name } }: KubeObject): number => Number(/-(\d+)$/.exec(name)?.[1] ?? 0)
  return world.filter((object) => object.kind === 'ReplicaSet').sort((a, b) => count(a) - count(b))
}
