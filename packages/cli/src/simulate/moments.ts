import { refOf } from '@rollsync/manifests'
import { type CanaryScope, type Repository, simulatedWorld } from '@rollsync/policy'
import { describeEvent, describeStory, explore, type RolloutsProfile, simulate, type State } from '@rollsync/rollouts'
import { CliError } from '../exit.ts'
import type { Io } from '../io.ts'
import { type Row, rowOf } from './row.ts'
import { scriptOf, type ScriptWish } from './script.ts'

/** One moment of one Rollout, and what led to it. */
export interface Shown {
  readonly state: State
  readonly row: Row
}

export interface MomentsWish extends ScriptWish {
  readonly explore?: boolean
}

/** The Rollouts asked for; all of them without a wish. */
export function chosenScopes(repository: Repository, wanted: string | undefined): readonly CanaryScope[] {
  const all = repository.canaries
  if (all.length === 0) throw new CliError('NO_ROLLOUT', 'no Rollout (argoproj.io) in the given files', { hint: 'give the folder that holds it' })
  if (wanted === undefined) return all
  const found = all.filter(({ rollout: { object } }) => object.metadata.name === wanted || `${object.metadata.namespace}/${object.metadata.name}` === wanted)
  if (found.length === 0) throw new CliError('NO_ROLLOUT', `no Rollout ${wanted}`, { hint: `found: ${all.map(({ rollout }) => `${rollout.object.metadata.namespace}/${rollout.object.metadata.name}`).join(', ')}` })
  return found
}

/** The moments of a script, or with `explore` every state, each with its row. */
export async function momentsOf(scope: CanaryScope, options: MomentsWish, profile: RolloutsProfile, io: Io): Promise<readonly Shown[]> {
  const world = simulatedWorld(scope)
  const ref = refOf(scope.rollout.object)
  if (options.explore === true) {
    return explore(world, ref, profile).states.map(({ state, story }, number) => ({ state, row: rowOf(state, ref, number, describeStory(story)) }))
  }
  const events = await scriptOf(scope.rollout.object, world, options, io)
  const { states } = simulate(world, { events, profile })
  return states.map((state, number) => {
    const event = events[state.moment.event - 1]
    const words = state.moment.event === states[number - 1]?.moment.event ? 'pods ready' : event === undefined ? 'deployed' : describeEvent(event)
    return { state, row: rowOf(state, ref, number, words) }
  })
}
