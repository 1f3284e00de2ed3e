import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StoryEvent } from '@rollsync/ignore'
import { type KubeObject, toYaml } from '@rollsync/manifests'
import { shortImages } from '@rollsync/rollouts'
import { ClusterError } from '../cluster/cluster-error.ts'
import type { Journal } from '../cluster/journal.ts'
import { ensure, resources } from '../cluster/seed.ts'
import { act, type Stage } from '../e2e/act.ts'
import { disagreements } from '../e2e/disagreements.ts'
import { deploy, type Lived, observe } from '../e2e/live.ts'
import type { Observed } from '../e2e/observed.ts'
import type { Prediction } from '../e2e/predict.ts'
import { staysRestless, untilQuiet } from '../e2e/quiet.ts'
import { courseOf, matching, type Moment, withClock } from './course.ts'
import type { LabDay } from './lab-day.ts'
import type { Narrator } from './narrate.ts'
import { situationText } from './situation.ts'
import { defineUnknownKinds } from './unknown-kinds.ts'

export interface Play {
  readonly day: LabDay
  readonly stage: Stage
  readonly journal: Journal
  readonly narrator: Narrator
  readonly say: (line: string) => void
  readonly note: (line: string) => void
  /** Every object of the folder. */
  readonly manifests: readonly KubeObject[]
  /** What `rollsync story` says of these events after the deploy. */
  readonly foretell: (events: readonly StoryEvent[]) => Promise<Prediction>
}

/** What has happened so far, as a story: events, and the time between them as the model has to count it. */
interface Past {
  readonly events: readonly StoryEvent[]
  /** When the first event began, and the seconds of the events since. */
  readonly began: number
  readonly told: number
  /** Whether the two controllers have fought without end: where they stood when the next event came is chance. */
  readonly afterFight: boolean
}

/** Lives the deploy and each event; each is predicted before it happens. 0 where all was as predicted. */
export async function playDay(play: Play): Promise<0 | 1> {
  const { day, stage, say, foretell } = play
  await prepare(play)
  let past: Past = { events: [], began: Date.now(), told: 0, afterFight: false }
  let exit: 0 | 1 = 0
  for (const one of [undefined, ...day.events]) {
    const course = courseOf(await foretell(withClock(past.events, one?.event)), past.events.length + (one === undefined ? 0 : 1))
    say(`\n== ${one === undefined ? `deploy of Application ${stage.repository.application.metadata.name}` : one.text}`)
    const lived = await liveEvent(play, one?.event, course, past)
    past = lived.past
    if (!lived.agrees) exit = 1
    if (one === undefined && lived.predicted === 'Unknown') {
      say('\nArgo CD compares nothing, so it deploys nothing: the day ends here.')
      break
    }
  }
  const { fights } = await foretell(past.events)
  say(`\n${fights.length === 0 ? 'Predicted: no fight, each controller keeps what the other wrote.' : fights.map((fight) => `Predicted: ${shortImages(fight)}`).join('\n')}`)
  return exit
}

/** The namespace, and what somebody else deploys into it. */
async function prepare({ day: { around }, stage: { cluster, namespace, repository }, manifests, note }: Play): Promise<void> {
  await ensure(cluster.api, resources.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
  const unknown = await defineUnknownKinds(manifests, cluster.kubectl, join(repository.tree, '..', 'kinds.yaml'))
  if (unknown.length > 0) note(`this cluster holds objects of these kinds, and nothing acts on them: ${unknown.join(', ')}`)
  if (around.length === 0) return
  const file = join(repository.tree, '..', 'around.yaml')
  writeFileSync(file, around.map((object) => toYaml(object)).join('---\n'))
  await cluster.kubectl(['apply', '-f', file])
}

interface LivedEvent {
  readonly past: Past
  readonly agrees: boolean
  readonly predicted: Observed['sync']
}

async function liveEvent(play: Play, event: StoryEvent | undefined, course: readonly Moment[], past: Past): Promise<LivedEvent> {
  const { stage, journal, narrator, say } = play
  const from = journal.entries.length
  narrator.beginEvent()
  if (event === undefined) await deploy(stage)
  else await act(event, stage)
  const told = past.told + (event?.do === 'wait' ? event.seconds : 0)
  const events = event === undefined ? past.events : [...past.events, event]
  const now = course[0]?.predicted
  if (now !== undefined && now.rest !== 'yes') {
    const agrees = await isRestless(play, now.rest)
    return { agrees, predicted: now.sync, past: { ...past, events, told, afterFight: past.afterFight || now.rest === 'both' } }
  }
  await untilQuiet(stage, journal)
  const seconds = (Date.now() - past.began) / 1000 - told
  const observed = await observe(stage, journal, from)
  await narrator.caughtUp()
  const { moment, differences } = matching(course, seconds, (predicted) => differencesOf(play, { predicted, seen: withoutStrangers(observed, predicted, play), afterFight: past.afterFight }))
  const { rollout } = play.day
  const after = moment.seconds === 0 ? '' : ` (after ${moment.seconds} s)`
  say(`  predicted  ${situationText(moment.predicted, rollout)}${after}`)
  say(`  seen       ${situationText(observed, rollout)}${differences.length === 0 ? '  as predicted' : ''}`)
  for (const line of differences) say(`  !          ${line.length > 200 ? `${line.slice(0, 199)}…` : line}`)
  const waited: readonly StoryEvent[] = moment.seconds === 0 ? [] : [{ do: 'wait', seconds: moment.seconds }]
  return { agrees: differences.length === 0, predicted: moment.predicted.sync, past: { ...past, events: [...events, ...waited], told: told + moment.seconds } }
}

/** Where no rest is predicted, there has to be none. */
async function isRestless({ stage, journal, narrator, say }: Play, rest: 'rollouts' | 'both'): Promise<boolean> {
  say('  predicted  no rest: what one writes, the other undoes, again and again')
  try {
    await staysRestless(stage, journal, rest)
    await narrator.caughtUp()
    say('  seen       it changes on and on  as predicted')
    return true
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    await narrator.caughtUp()
    say('  seen       it has come to rest')
    return false
  }
}

function differencesOf({ stage: { scenario } }: Play, lived: Omit<Lived, 'event'>): readonly string[] {
  return disagreements([{ event: '', ...lived }], scenario.application).map((line) => line.replace(/^0 : /, ''))
}

/** The API server's own Service, that somebody applied what is around, and resources of kinds that a story does not speak of. */
function withoutStrangers(seen: Observed, predicted: Observed, { day: { around } }: Play): Observed {
  const own = 'Service/kubernetes'
  const isStrange = (name: string): boolean => (name === own || around.some(({ kind, metadata }) => `${kind}/${metadata.name}` === name && seen.writers[name] === 'a person')) && predicted.writers[name] === undefined
  const writers = Object.fromEntries(Object.entries(seen.writers).filter(([name]) => !isStrange(name)))
  const objects = Object.fromEntries(Object.entries(seen.objects).filter(([name]) => name !== own || predicted.objects[name] !== undefined))
  const told = Object.fromEntries(Object.entries(seen.resources).filter(([name]) => predicted.resources[name] !== undefined))
  return { ...seen, writers, objects, resources: told }
}
