import { asRolloutsWrites } from '@rollsync/argocd'
import { type Judge, syncOne, templateHolder } from '@rollsync/ignore'
import { type KubeObject, refKey, refOf, refText, type ResourceRef, valueAt } from '@rollsync/manifests'
import { describePlace, type Event, happyPath, headerRoutesOf, nextImage, type RolloutsProfile, weightOf, type World } from '@rollsync/rollouts'
import type { Told } from './canary-picture.ts'
import { type Part, tell } from './tell.ts'

/** The days of a release that are drawn of every canary: the one that goes well, and those that people have to live through. */
export const dayNames = ['goes-well', 'aborted', 'undone', 'synced', 'crashed'] as const

export type DayName = (typeof dayNames)[number]

/** One day as a person would name it. `told` begins with the moment before it leaves the release that goes well; `events` is the whole script. */
export interface Day {
  readonly title: string
  readonly about: string
  readonly events: readonly Event[]
  readonly told: readonly Told[]
}

/** Of what the days are made. Without an Application nothing is synced. */
export interface DaySettings {
  readonly git: World
  readonly rollout: KubeObject
  readonly profile: RolloutsProfile
  readonly synced?: { readonly judge: Judge; readonly resources: readonly ResourceRef[] }
}

/** A day by its name; undefined where it cannot be: a Rollout that runs no canary is never aborted. */
export async function dayOf(name: DayName, given: DaySettings): Promise<Day | undefined> {
  const settings = name === 'goes-well' ? given : asHeld(given)
  const good = goodDay(settings)
  if (name === 'goes-well') return { title: 'Goes well', about: 'From the first deploy through every step to the end of the old pods.', events: good.events, told: good.told }
  const turn = name === 'synced' ? headerMoment(good.told, settings.rollout) : middleMoment(good.told, settings.rollout)
  if (turn === undefined) return undefined
  const before: Before = { ...settings, turn, images: imagesOf(settings), script: good.events.slice(0, turn.state.moment.event), rest: good.events.slice(turn.state.moment.event) }
  switch (name) {
    case 'aborted': return abortedDay(before)
    case 'undone': return undoneDay(before)
    case 'synced': return syncedDay(before)
    case 'crashed': return crashedDay(before)
    default: return name satisfies never
  }
}

/** Where a sync writes the Rollout, what the Go types add to its template is nothing that changed. */
function asHeld(settings: DaySettings): DaySettings {
  return { ...settings, git: new Map([...settings.git].map(([key, object]) => [key, asRolloutsWrites(object)])), rollout: asRolloutsWrites(settings.rollout) }
}

interface Before extends DaySettings {
  /** The moment at which the day leaves the good one, and the events to it and from it. */
  readonly turn: Told
  readonly script: readonly Event[]
  readonly rest: readonly Event[]
  readonly images: Images
}

interface Images {
  readonly before: string
  readonly after: string
}

function imagesOf({ git, rollout }: Pick<DaySettings, 'git' | 'rollout'>): Images {
  const before = String(valueAt(templateHolder(git, rollout), '/spec/template/spec/containers/0/image') ?? 'app:1')
  return { before, after: nextImage(before) }
}

function goodDay({ git, rollout, profile }: DaySettings): { readonly events: readonly Event[]; readonly told: readonly Told[] } {
  const events = happyPath(rollout, imagesOf({ git, rollout }).after)
  return { events, told: tell(each(events), { git, rollout, profile }) }
}

function each(events: readonly Event[]): readonly Part[] {
  return events.map((event) => ({ events: [event] }))
}

/** The middle of the moments at which there is something to undo: traffic at the canary or a header route; else of all those of the canary. */
function middleMoment(told: readonly Told[], rollout: KubeObject): Told | undefined {
  const found = onTheWay(told)
  const busy = found.filter(({ state }) => headerRoutesOf(state.world, refOf(rollout)).length > 0 || (weightOf(state.world, refOf(rollout)) ?? 0) > 0)
  const among = busy.length > 0 ? busy : found
  return among[Math.floor((among.length - 1) / 2)]
}

/** The first moment with a header route, else the middle one. */
function headerMoment(told: readonly Told[], rollout: KubeObject): Told | undefined {
  return onTheWay(told).find(({ state }) => headerRoutesOf(state.world, refOf(rollout)).length > 0) ?? middleMoment(told, rollout)
}

/** Moments at which a canary rests and somebody may act. */
function onTheWay(told: readonly Told[]): readonly Told[] {
  const inUpdate = told.filter(({ state: { moment } }) => (moment.at === 'step' && moment.index < moment.of) || moment.at === 'updating')
  const ready = inUpdate.filter(({ state }) => state.moment.pods === 'ready')
  return ready.length > 0 ? ready : inUpdate
}

function abortedDay(before: Before): Day {
  const { rollout, images } = before
  const name = rollout.metadata.name
  return dayFrom(before, {
    title: `Aborted ${placeText(before)}`, about: 'A person aborts, and the old pods serve again; later the old image is back in Git and synced.',
    parts: [...each([{ do: 'abort', rollout: name }, { do: 'wait', seconds: abortDelay(rollout) + 1 }]), imageInGit(images, name)],
  })
}

/** utils/defaults/defaults.go:27 DefaultAbortScaleDownDelaySeconds */
function abortDelay(rollout: KubeObject): number {
  const seconds = valueAt(rollout, '/spec/strategy/canary/abortScaleDownDelaySeconds')
  return typeof seconds === 'number' ? seconds : 30
}

function imageInGit({ before }: Images, rollout: string): Part {
  return { events: [{ do: 'apply', image: before, rollout }], text: `Git names ${before} again` }
}

async function undoneDay(before: Before): Promise<Day> {
  const { rollout, images, script, synced } = before
  const name = rollout.metadata.name
  const undo: Part = { events: [{ do: 'undo', rollout: name }] }
  const undone = tell([...each(script), undo], before).at(-1) as Told
  const sync = synced === undefined ? [] : [await syncOf(undone, undone.git, before)]
  return dayFrom(before, {
    title: `Undone ${placeText(before)} while Git names the new image`,
    about: `kubectl argo rollouts undo brings the old image back into the cluster alone: Argo CD is rightly OutOfSync${synced === undefined ? '' : ', and what its next sync does is shown'}. Then the old image is back in Git.`,
    parts: [undo, ...sync, imageInGit(images, name)],
  })
}

async function syncedDay(before: Before): Promise<Day | undefined> {
  const { turn, synced, rest } = before
  const changed = synced === undefined ? undefined : changedObject(turn, synced.resources)
  if (synced === undefined || changed === undefined) return undefined
  const git = new Map(turn.git).set(refKey(refOf(changed)), { ...changed, metadata: { ...changed.metadata, annotations: { ...changed.metadata.annotations, 'example.com/team': 'shop' } } })
  const { syncOptions } = synced.judge
  return dayFrom({ ...before, wake: 'informers' }, {
    title: `Synced ${placeText(before)}`,
    about: `A commit gives ${refText(refOf(changed))} an annotation, and Argo CD syncs everything${syncOptions.length === 0 ? '' : `, with ${syncOptions.join(', ')}`}; then the release goes on.`,
    parts: [await syncOf(turn, git, before), ...each(rest.slice(0, 2)).map((part) => ({ ...part, git }))],
  })
}

/** What the controllers write into, and else anything but the Rollout. */
function changedObject({ git, state }: Told, resources: readonly ResourceRef[]): KubeObject | undefined {
  const objects = resources.flatMap((ref) => (ref.kind === 'Rollout' || !state.world.has(refKey(ref)) ? [] : (git.get(refKey(ref)) ?? [])))
  return objects.find(({ kind }) => kind === 'Ingress') ?? objects.find(({ kind }) => kind !== 'Service') ?? objects[0]
}

/** A sync of everything, as the edits that it comes to. */
async function syncOf(at: Told, git: World, { rollout, synced }: Before): Promise<Part> {
  const events: Event[] = []
  const changed: string[] = []
  for (const resource of synced?.resources ?? []) {
    const target = git.get(refKey(resource))
    if (target === undefined || synced === undefined) continue
    const result = await syncOne({ git, deployed: at.git, state: at.state }, target, { judge: synced.judge, rollout: refOf(rollout) })
    if ('failed' in result) return { events: [{ do: 'sync' }], git, text: `a sync fails: ${result.failed}` }
    if (result.events.length > 0) changed.push(refText(resource))
    events.push(...result.events)
  }
  return { events: events.length === 0 ? [{ do: 'sync' }] : events, git, text: `a sync changes ${changed.length === 0 ? 'nothing' : changed.join(', ')}` }
}

function crashedDay(before: Before): Day {
  const { rollout, images } = before
  const deadline = Number(valueAt(rollout, '/spec/progressDeadlineSeconds') ?? 600)
  return dayFrom(before, {
    title: `Canary pods crash ${placeText(before)}`, about: `The new pods crash, and ${deadline} s pass (progressDeadlineSeconds); later the old image is back in Git and synced.`,
    parts: [...each([{ do: 'pods', image: images.after, state: 'crash' }, { do: 'wait', seconds: deadline + 1 }]), imageInGit(images, rollout.metadata.name)],
  })
}

function placeText({ turn }: Before): string {
  return turn.state.moment.at === 'step' ? describePlace(turn.state.moment) : 'in the middle of the update'
}

function dayFrom(before: Before & { readonly wake?: 'informers' }, { title, about, parts }: { readonly title: string; readonly about: string; readonly parts: readonly Part[] }): Day {
  const all = [...each(before.script), ...parts]
  const told = tell(all, before)
  const first = told.findIndex(({ state }) => state.moment.event > before.script.length)
  return { title, about, events: all.flatMap((part) => part.events), told: told.slice(Math.max(0, first - 1)) }
}
