import { asRolloutsWrites, autoSync, type ResourceState } from '@rollsync/argocd'
import { applyMergePatch, type KubeObject, refKey, refOf, refText, type ResourceRef, valueAt } from '@rollsync/manifests'
import { type Cycle, type Event, seenFrom, simulate, type State, type World } from '@rollsync/rollouts'
import { failureText, templateHolder, withImage } from '../explore-canary.ts'
import { type ApplicationState, comparedAll, syncOne, type Synced } from './application-state.ts'
import { type Commit, type StoryEvent, storyText } from './story-event.ts'
import { applicationsOf, type StoryApplication, type StorySettings } from './story-settings.ts'
import { controllersAmong, type StoryWriter, writersAfter } from './story-writers.ts'

/** Who did what after one event. */
export interface Act {
  readonly by: 'Argo CD' | 'Rollouts'
  readonly what: string
}

/** One event of a day, what followed from it, and how things stand when nothing more happens. */
export interface Chapter {
  readonly event: string
  readonly acts: readonly Act[]
  readonly sync: 'Synced' | 'OutOfSync' | 'Unknown' | 'unverified'
  /** The text of a ComparisonError, or the objects that differ. */
  readonly because: string
  /** What the other Applications of the day say. */
  readonly others: readonly (Pick<ApplicationState, 'sync' | 'because'> & { readonly application: string })[]
  /** What the comparison says of each object; empty where it says nothing. */
  readonly resources: readonly ResourceState[]
  /** How many syncs of everything, and how many self-heals, changed an object. */
  readonly syncs: number
  readonly heals: number
  /** Whether it comes to rest at all: `rollouts` where the controller goes in circles by itself, `both` where the two do. */
  readonly rest: 'yes' | 'rollouts' | 'both'
  /** Who wrote each object last, statuses aside, by `refKey`. */
  readonly writers: Readonly<Record<string, StoryWriter>>
  readonly state: State
}

/** A day told. `fights` are what two controllers do to each other, or two Rollouts, and what a controller fails at for ever; each once. An empty list means that it ends in peace. */
export interface Story {
  readonly chapters: readonly Chapter[]
  readonly fights: readonly string[]
}

const mostTurns = 8

/** Interleaves Argo Rollouts, Argo CD and Git: each event, then both controllers until nothing more happens, or until what happened comes back. */
export async function tellStory(git: World, events: readonly StoryEvent[], settings: StorySettings): Promise<Story> {
  const world = asHeld(git, settings)
  let day: Day = { script: [], world, ...deployment(world, settings), git, deployed: git, revision: 1, synced: applicationsOf(settings).map(() => ({ revision: '1', phase: 'Succeeded', finishedAt: 0, selfHealAttempts: 0 })), now: 0, syncs: 0, heals: 0, touches: new Map() }
  const fights = new Set<string>()
  const chapters: Chapter[] = []
  for (const event of [undefined, ...events]) {
    const before = day
    if (event !== undefined) day = happen(day, event, settings)
    const turned = await settleBoth(day, settings, fights)
    day = turned.day
    for (const { application, sync, because } of [turned.compared, ...turned.others]) if (sync === 'Unknown') fights.add(`Argo CD can compare nothing${application === '' ? '' : ` of Application ${application}`}, so it syncs nothing: ${because}`)
    if (day.state.cycle !== undefined) fights.add(`Rollouts never comes to rest by itself: it writes ${writtenIn(day.state.cycle)} again and again, as fast as it can`)
    if (seenFrom(day.state, settings.rollout).moment.at === 'invalid') fights.add(`the Rollouts controller rejects the Rollout, so no release happens: ${rejection(day.state, settings.rollout)}`)
    for (const failure of day.state.errors.filter(({ on }) => on !== settings.rollout.name || seenFrom(day.state, settings.rollout).moment.at !== 'invalid')) fights.add(`${failureText(failure)}; it is tried again for ever, and what comes after it is never done`)
    const { compared: { sync, because, resources }, others, acts } = turned
    chapters.push({ event: event === undefined ? 'first deploy' : storyText(event), acts, sync, because, others: others.map((one) => ({ application: one.application, sync: one.sync, because: one.because })), resources, syncs: day.syncs - before.syncs, heals: day.heals - before.heals, rest: turned.isEndless ? 'both' : day.state.cycle === undefined ? 'yes' : 'rollouts', writers: day.writers, state: day.state })
    // Nothing was ever deployed: what was simulated for the sake of the comparison is not there.
    if (event === undefined && turned.compared.sync === 'Unknown') break
  }
  return { chapters, fights: [...fights] }
}

/**
 * Pod templates as the cluster holds them, else the first sync would make others of them: a Rollout's in Go's form, as its controller writes it, and that of a workload which a Rollout refers
 * to with the API server's defaults.
 */
function asHeld(git: World, { judge, rollout }: StorySettings): World {
  const held = new Map([...git].map(([key, object]) => [key, asRolloutsWrites(object)]))
  const subject = git.get(refKey(rollout))
  const holder = subject === undefined ? undefined : templateHolder(git, subject)
  if (holder === undefined || holder === subject) return held
  return held.set(refKey(refOf(holder)), { ...holder, spec: judge.found(holder, holder)['spec'] })
}

/** `script` is what happened in the cluster so far, syncs among it as edits; `world` what Git held at the deploy. */
interface Day {
  readonly script: readonly Event[]
  readonly world: World
  readonly state: State
  readonly git: World
  readonly deployed: World
  readonly revision: number
  /** Of each Application its last sync. */
  readonly synced: readonly Synced[]
  readonly now: number
  readonly writers: Readonly<Record<string, StoryWriter>>
  /** Since the deploy, of those that changed an object. */
  readonly syncs: number
  readonly heals: number
  /** Each object as it was when a sync wrote it without a visible change; kept up as the day goes on. */
  readonly touches: Map<string, string>
}

/** What the controller says of a Rollout that it rejects: in its status, or where it cannot even write that, as the error of its sync. */
function rejection({ world, errors }: State, rollout: ResourceRef): string {
  const message = valueAt(world.get(refKey(rollout)), '/status/message')
  return typeof message === 'string' && message !== '' ? message : errors.map((one) => one.error).join('; ')
}

function writtenIn({ writes }: Cycle): string {
  return [...new Set(writes.map((write) => refText(write.to)))].sort().join(', ')
}

/** Argo CD has applied everything, and the controllers have reacted. */
function deployment(world: World, settings: StorySettings): Pick<Day, 'state' | 'writers'> {
  const { profile } = settings
  const { states } = simulate(world, { events: [], profile })
  const writers = Object.fromEntries(applicationsOf(settings).flatMap(({ resources }) => resources).map((ref) => [refKey(ref), 'Argo CD' as const]))
  return { state: states.at(-1) as State, writers: { ...writers, ...controllersAmong(states) } }
}

function withEvents(day: Day, events: readonly Event[], by: 'Argo CD' | 'a person', { profile }: StorySettings): Day {
  const script = [...day.script, ...events]
  const seconds = events.reduce((sum, event) => sum + (event.do === 'wait' ? event.seconds : 1), 0)
  const { states } = simulate(day.world, { events: script, profile, wake: 'informers' })
  return { ...day, script, state: states.at(-1) as State, now: day.now + seconds, writers: writersAfter({ ...day, before: day.state.world, first: day.script.length + 1 }, states, events, by) }
}

function happen(day: Day, event: StoryEvent, settings: StorySettings): Day {
  if (event.do !== 'commit') return withEvents(day, [event], 'a person', settings)
  return { ...day, git: committed(day.git, event, settings.rollout), revision: day.revision + 1 }
}

function committed(git: World, commit: Commit, rollout: ResourceRef): World {
  const object = [...git.values()].find((one) => ('image' in commit ? one.kind === 'Rollout' && one.metadata.name === (commit.rollout ?? rollout.name) : one.kind === commit.kind && one.metadata.name === commit.name))
  if (object === undefined) return git
  const changed = 'image' in commit ? templateHolder(git, object) : object
  const next = 'image' in commit ? withImage(changed, commit.image) : (applyMergePatch(changed, commit.patch) as KubeObject)
  return new Map(git).set(refKey(refOf(changed)), next)
}

type Named = ApplicationState & { readonly application: string }

interface Turned {
  readonly day: Day
  readonly acts: readonly Act[]
  readonly compared: Named
  readonly others: readonly Named[]
  readonly isEndless: boolean
}

/** What one Application says and would do now. */
interface Look {
  readonly index: number
  readonly one: StoryApplication & { readonly application: string }
  readonly compared: Named
  readonly decision: ReturnType<typeof autoSync>
}

async function looks(day: Day, settings: StorySettings): Promise<readonly [Look, ...Look[]]> {
  const found: Look[] = []
  for (const [index, one] of applicationsOf(settings).entries()) {
    const compared = { ...(await comparedAll(day, one)), application: one.application }
    const last = day.synced[index]
    const decision = autoSync({ ...(one.automated === undefined ? {} : { automated: one.automated }), sync: compared.sync === 'unverified' ? 'Unknown' : compared.sync, revision: String(day.revision), resources: compared.resources, operation: 'none', ...(last === undefined ? {} : { last }), now: day.now }, settings.selfHeal)
    found.push({ index, one, compared, decision })
  }
  return found as [Look, ...Look[]]
}

/** Argo CD looks, syncs if it would, Rollouts reacts, and so on. A state that comes back is a fight. */
async function settleBoth(start: Day, settings: StorySettings, fights: Set<string>): Promise<Turned> {
  let day = start
  const acts: Act[] = []
  for (let turn = 0; ; turn += 1) {
    const all = await looks(day, settings)
    const [own, ...rest] = all
    const turned = { acts, compared: own.compared, others: rest.map(({ compared }) => compared) }
    const next = all.find(({ decision }) => decision.decision === 'sync') ?? soonest(all)
    if (next === undefined) return { ...turned, day, isEndless: false }
    const { decision, index, one } = next
    if (turn >= mostTurns * all.length) {
      fights.add(`${next.compared.because}: Argo CD syncs it again and again, and it differs again every time`)
      return { ...turned, day, isEndless: true }
    }
    if (decision.decision === 'wait') day = withEvents(day, [{ do: 'wait', seconds: Math.ceil(decision.seconds) }], 'Argo CD', settings)
    else if (decision.decision === 'sync') {
      const done = await syncAll(day, decision.resources === 'all' ? one.resources : decision.resources, decision.resources === 'all' ? 'full' : 'self-heal', { ...settings, ...one }, fights)
      acts.push(...done.acts.map((act) => (one.application === '' ? act : { ...act, what: `${one.application} ${act.what}` })))
      const synced: Synced = { revision: String(day.revision), phase: done.failed ? 'Failed' : 'Succeeded', finishedAt: done.day.now, selfHealAttempts: decision.selfHealAttempts }
      day = { ...done.day, synced: day.synced.map((old, at) => (at === index ? synced : old)) }
    }
  }
}

function soonest(all: readonly Look[]): Look | undefined {
  const seconds = ({ decision }: Look): number => (decision.decision === 'wait' ? decision.seconds : Infinity)
  return all.filter(({ decision }) => decision.decision === 'wait').sort((a, b) => seconds(a) - seconds(b))[0]
}

/** The first sync after a controller's write takes its fields over; the next one finds them taken over. */
function touched({ touches, state }: Day, target: KubeObject): readonly Event[] {
  const key = refKey(refOf(target))
  const live = JSON.stringify(state.world.get(key))
  if (touches.get(key) === live) return []
  touches.set(key, live)
  return [{ do: 'edit', kind: target.kind, name: target.metadata.name, patch: {} }]
}

async function syncAll(day: Day, resources: readonly ResourceRef[], kind: 'full' | 'self-heal', settings: StorySettings, fights: Set<string>): Promise<{ readonly day: Day; readonly acts: readonly Act[]; readonly failed: boolean }> {
  const edits: Event[] = []
  const changed: string[] = []
  const deployed = new Map(day.deployed)
  for (const resource of resources) {
    const target = day.git.get(refKey(resource))
    const result = target === undefined ? undefined : await syncOne(day, target, settings)
    if (target === undefined || result === undefined) continue
    if ('failed' in result) return { day, acts: [{ by: 'Argo CD', what: `the sync fails: ${result.failed}` }], failed: true }
    edits.push(...result.events)
    if (result.touches === true) edits.push(...touched(day, target))
    if (result.events.length > 0) changed.push(refText(resource))
    if (result.applied) deployed.set(refKey(resource), target)
    for (const fight of result.fights) fights.add(fight)
  }
  const count = kind === 'full' ? 'syncs' : 'heals'
  const after = withEvents({ ...day, deployed, [count]: day[count] + (changed.length > 0 ? 1 : 0) }, edits, 'Argo CD', settings)
  const word = kind === 'full' ? 'syncs revision' : 'heals'
  return { day: after, acts: [{ by: 'Argo CD', what: `${word}${kind === 'full' ? ` ${day.revision}` : ''}: ${changed.length === 0 ? 'changes nothing' : `changes ${changed.join(', ')}`}` }], failed: false }
}
