import { isMap, type KubeObject, refKey, refOf, valueAt } from '@rollsync/manifests'
import { describeEvent, describePlace, type Event, explore, type ExploredState, happyPath, nextImage, type RolloutsProfile, seenFrom, simulate, type State, type World, worldOf } from '@rollsync/rollouts'
import type { JudgedState } from './canary-case.ts'
import { rememberOrigin } from './next-look.ts'

/** Every state that a Rollout was brought into, the controller's own words where it rejects the Rollout, and what bound cut the search. */
export interface ExploredCanary {
  readonly states: readonly JudgedState[]
  readonly invalid: string | undefined
  readonly cut: string | undefined
  /** What the controllers run into and retry for ever, each with the moments at which they do. */
  readonly failures: readonly Trouble[]
  /** States that never come to rest: one part of a sync undoes what another one does. */
  readonly flaps: readonly Trouble[]
}

export interface Trouble {
  readonly what: string
  readonly moments: readonly string[]
}

/** The states of one release that goes well, which sets every route that there is: enough to read off what a step writes. */
export function releaseStates(rollout: KubeObject, around: readonly KubeObject[], profile: RolloutsProfile): readonly JudgedState[] {
  const world = worldOf([...around, rollout])
  const image = String(valueAt(rollout, '/spec/template/spec/containers/0/image') ?? 'app')
  const events = happyPath(rollout, nextImage(image))
  return simulate(world, { events, profile }).states.map((told) => seenFrom(told, refOf(rollout))).map((state) => ({ moment: momentText({ state, story: events.slice(0, state.moment.event) }), git: gitAfter(world, rollout, events.slice(0, state.moment.event)), live: state.world }))
}

/** Brings a Rollout among its neighbours, all as Git holds them, into every state that it can come into. */
export function exploreCanary(rollout: KubeObject, around: readonly KubeObject[], profile: RolloutsProfile): ExploredCanary {
  const world = worldOf([...around, rollout])
  const { states, cut, bound } = explore(world, refOf(rollout), profile)
  const invalid = states.find(({ state }) => state.moment.at === 'invalid')
  return {
    states: states.map((one) => judgedState(one, world, rollout, profile)),
    invalid: invalid === undefined ? undefined : String(valueAt(invalid.state.world.get(refKey(refOf(rollout))), '/status/message') ?? ''),
    cut: cut === 'moments' ? `the search stopped after ${bound.moments} moments` : undefined,
    failures: troubles(states, ({ state }) => state.errors.filter((failure) => lasts(failure, state)).map(failureText)),
    flaps: troubles(states, ({ state }) => (state.cycle === undefined ? [] : [`${state.cycle.worlds.length} states follow each other without end`])),
  }
}

/** What fails while pods are starting is tried again once they run, and then it shows there too; `delaying …` says of itself that it waits for pods. Only a panic is one wherever it happens. */
function lasts({ panic, error }: State['errors'][number], { moment }: State): boolean {
  return panic !== undefined || (moment.pods !== 'starting' && error?.startsWith('delaying ') !== true)
}

function judgedState(one: ExploredState, world: World, rollout: KubeObject, profile: RolloutsProfile): JudgedState {
  const state: JudgedState = { moment: momentText(one), git: gitAfter(world, rollout, one.story), live: one.state.world }
  // A story leads to where the controllers come to rest, not to what they pass through; and where pods are missing the controller may leave the weights alone until they come (trafficrouting.go:276).
  return one.seen === 'resting' && one.state.moment.pods === 'ready' ? rememberOrigin(state, { world, story: one.story, profile }) : state
}

const writers = { 'rollouts': 'Rollouts controller', 'ingress-controller': "Rollouts controller's ingress part", 'service-controller': "Rollouts controller's service part" } as const

/** A sync of the controllers that fails and is tried again for ever, as a sentence. */
export function failureText({ by, on, error, panic }: State['errors'][number]): string {
  return `the ${writers[by]} ${panic === undefined ? `fails on ${on}: ${error}` : `panics on ${on}: ${panic}`}`
}

function troubles(states: readonly ExploredState[], of: (one: ExploredState) => readonly string[]): readonly Trouble[] {
  const found = new Map<string, string[]>()
  for (const one of states) for (const what of of(one)) found.set(what, [...(found.get(what) ?? []), momentText(one)])
  return [...found].map(([what, moments]) => ({ what, moments: [...new Set(moments)] }))
}

/** What a good update does anyway needs no words; everything else that happened is told. */
const expected = new Set<Event['do']>(['wait', 'sync', 'analysis', 'experiment'])

/** A moment in the words of laws and findings: where the Rollout stands, and what happened beside a good update. */
export function momentText({ state, story }: Pick<ExploredState, 'state' | 'story'>): string {
  const { moment } = state
  const told = story.filter((event, index) => !expected.has(event.do) && !(event.do === 'promote' && event.skip === undefined) && !(event.do === 'apply' && index === 0))
  const place = `${describePlace(moment).replace(/^at /, '')}${moment.pods === 'ready' ? '' : `, pods ${moment.pods}`}`
  const words = told.map(describeEvent).join('; ')
  return words === '' || words === place ? place : `${place} (${words})`
}

const byHand = new Set<Event['do']>(['undo', 'scale', 'pause', 'resume', 'restart', 'edit'])

/** What Git holds after a story: its image is the last one applied. What a person did to the live Rollout is rightly a difference, and then what holds the template is left out. */
function gitAfter(world: World, rollout: KubeObject, story: readonly Event[]): World {
  const git = new Map(world)
  const holder = templateHolder(world, rollout)
  if (story.some((event) => byHand.has(event.do))) {
    git.delete(refKey(refOf(rollout)))
    git.delete(refKey(refOf(holder)))
    return git
  }
  const image = story.reduce<string | undefined>((last, event) => (event.do === 'apply' && 'image' in event ? event.image : last), undefined)
  if (image !== undefined) git.set(refKey(refOf(holder)), withImage(holder, image))
  return git
}

/** The object whose template a Rollout runs: itself, or the workload that it refers to. */
export function templateHolder(world: World, rollout: KubeObject): KubeObject {
  const ref = valueAt(rollout, '/spec/workloadRef')
  if (!isMap(ref)) return rollout
  return [...world.values()].find((one) => one.kind === ref['kind'] && one.metadata.name === ref['name'] && one.metadata.namespace === rollout.metadata.namespace) ?? rollout
}

/** An object with another image in the first container of its template; unchanged where there is none. */
export function withImage(rollout: KubeObject, image: string): KubeObject {
  const copy = structuredClone(rollout) as unknown as { spec?: { template?: { spec?: { containers?: ({ image: string } | null)[] } } } }
  const first = copy.spec?.template?.spec?.containers?.[0]
  if (typeof first === 'object' && first !== null) first.image = image
  return copy as unknown as KubeObject
}
