import { refOf } from '@rollsync/manifests'
import { type CanaryScope, type Day, type DayName, dayOf, type DaySettings, type Repository, tell, type Told, toldExplored } from '@rollsync/policy'
import { explore } from '@rollsync/rollouts'
import { CliError } from '../exit.ts'
import type { Io } from '../io.ts'
import { type Row, rowOf } from './row.ts'
import { scriptOf, type ScriptWish } from './script.ts'

/** One moment of one Rollout, and what led to it. */
export interface Shown {
  readonly told: Told
  readonly row: Row
}

export interface MomentsWish extends ScriptWish {
  readonly explore?: boolean
  readonly day?: DayName
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

/** What is simulated, with a title: the moments of a script or of a day by its name, or with `explore` every state. */
export async function momentsOf(wish: MomentsWish, settings: DaySettings, io: Io): Promise<Pick<Day, 'title' | 'about' | 'told'>> {
  if (wish.explore === true) {
    return { title: 'Every state that can be reached', about: '', told: toldExplored(explore(settings.git, refOf(settings.rollout), settings.profile).states, settings) }
  }
  if (wish.day !== undefined) return namedDay(wish.day, settings)
  const events = await scriptOf(settings.rollout, settings.git, wish, io)
  return { title: titleOf(wish), about: '', told: tell(events.map((event) => ({ events: [event] })), settings) }
}

async function namedDay(name: DayName, settings: DaySettings): Promise<Day> {
  const day = await dayOf(name, settings)
  if (day !== undefined) return day
  throw new CliError('NO_SUCH_DAY', `--day ${name}: Rollout ${settings.rollout.metadata.name} has no such day`, { hint: name === 'synced' ? 'it needs an Application that deploys more than the Rollout, and a canary' : 'its updates pass no moment at which anybody could act' })
}

function titleOf({ events, pods }: ScriptWish): string {
  if (events !== undefined) return `As in ${events.replace(/^.*[/\\]/, '')}`
  return pods === 'ready' ? 'Goes well' : pods === 'crash' ? 'New pods crash' : `New pods are ${pods}`
}

/** The rows of a table. */
export function rowsOf(told: readonly Told[], { rollout }: DaySettings): readonly Shown[] {
  return told.map((one) => ({ told: one, row: rowOf(one.state, refOf(rollout), one.number, one.event) }))
}
