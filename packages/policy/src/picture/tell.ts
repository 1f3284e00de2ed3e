import { momentText, templateHolder, withImage } from '@rollsync/ignore'
import { type KubeObject, refKey, refOf } from '@rollsync/manifests'
import { describeEvent, describeStory, type Event, type ExploredState, type RolloutsProfile, seenFrom, simulate, type State, type World } from '@rollsync/rollouts'
import type { Told } from './canary-picture.ts'

/** One thing that happens: events of which only what comes of them in the end is shown, under one text, or each by itself. `git` is what Git holds from then on, where the events do not say it. */
export interface Part {
  readonly events: readonly Event[]
  readonly text?: string
  readonly git?: World
}

export interface Teller {
  readonly git: World
  readonly rollout: KubeObject
  readonly profile: RolloutsProfile
  /** As `simulate` has it; where Argo CD writes, the controllers look only at what they are told of. */
  readonly wake?: 'every-change' | 'informers'
}

/** What happens one after the other from the first deploy on: each moment with what Git holds then. */
export function tell(parts: readonly Part[], teller: Teller): readonly Told[] {
  const events = parts.flatMap((part) => part.events)
  const { states } = simulate(teller.git, { events, profile: teller.profile, ...(teller.wake === undefined ? {} : { wake: teller.wake }) })
  return toldStates(states.map((state) => seenFrom(state, refOf(teller.rollout))), parts, teller)
}

/** States of a script beside what Git holds at each. */
export function toldStates(states: readonly State[], parts: readonly Part[], { git, rollout }: Pick<Teller, 'git' | 'rollout'>): readonly Told[] {
  const events = parts.flatMap((part) => part.events)
  const places = placesOf(parts, git, rollout)
  const shown = states.flatMap((state, index) => {
    const place = places[state.moment.event]
    return place === undefined || place.shown === 'no' ? [] : [{ state, git: place.git, event: states[index - 1]?.moment.event === state.moment.event ? 'pods ready' : place.text }]
  })
  return shown.map((one, number) => ({ ...one, number, words: momentText({ state: one.state, story: events.slice(0, one.state.moment.event) }) }))
}

/** States that were explored, each beside what Git holds at it. */
export function toldExplored(states: readonly ExploredState[], { git, rollout }: Pick<Teller, 'git' | 'rollout'>): readonly Told[] {
  return states.map(({ state, story }, number) => ({ number, state, git: story.reduce((held, event) => gitAfter(held, rollout, event), git), event: describeStory(story), words: momentText({ state, story }) }))
}

interface EventPlace {
  readonly git: World
  readonly text: string
  readonly shown: 'yes' | 'no'
}

/** For the deploy and each event: what Git holds after it, and how it is called. */
function placesOf(parts: readonly Part[], git: World, rollout: KubeObject): readonly EventPlace[] {
  const places: EventPlace[] = [{ git, text: 'deployed', shown: 'yes' }]
  let held = git
  for (const { events, text, git: after } of parts) {
    for (const [index, event] of events.entries()) {
      held = after ?? gitAfter(held, rollout, event)
      places.push({ git: held, text: text ?? describeEvent(event), shown: text === undefined || index === events.length - 1 ? 'yes' : 'no' })
    }
  }
  return places
}

/** An `apply` is a commit that was synced; nothing else changes Git. */
function gitAfter(git: World, rollout: KubeObject, event: Event): World {
  if (event.do !== 'apply') return git
  if ('object' in event) return new Map(git).set(refKey(refOf(event.object)), event.object)
  if (event.rollout !== undefined && event.rollout !== rollout.metadata.name) return git
  const holder = refKey(refOf(templateHolder(git, rollout)))
  const object = git.get(holder)
  return object === undefined ? git : new Map(git).set(holder, withImage(object, event.image))
}
