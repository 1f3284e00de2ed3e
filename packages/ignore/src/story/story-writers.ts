import { jsonEqual, refKey, refOf, type ResourceRef } from '@rollsync/manifests'
import type { Event, State, World } from '@rollsync/rollouts'

/** Who writes into the cluster on a day. */
export type StoryWriter = 'Argo CD' | 'Rollouts' | 'a person'

interface Written {
  /** By `refKey`. */
  readonly writers: Readonly<Record<string, StoryWriter>>
  readonly before: World
  /** The number of the first of the events in the script. */
  readonly first: number
}

/** Whoever caused an event wrote first, then the controllers reacted. */
export function writersAfter(day: Written, states: readonly State[], events: readonly Event[], by: 'Argo CD' | 'a person'): Written['writers'] {
  const writers = { ...day.writers }
  for (const [index, event] of events.entries()) {
    const after = states.filter(({ moment }) => moment.event === day.first + index)
    const touched = touchedBy(event, day.before)
    if (touched !== undefined && isChanged(day.before, after[0]?.world, touched)) writers[refKey(touched)] = by
    Object.assign(writers, controllersAmong(after))
  }
  return writers
}

/** What says what is so already is no write. */
function isChanged(before: World, after: World | undefined, ref: ResourceRef): boolean {
  const [old, now] = [before.get(refKey(ref)), after?.get(refKey(ref))]
  return old === undefined || now === undefined || !jsonEqual({ ...old, status: {} }, { ...now, status: {} })
}

/** Everything that the controllers have changed on the way through these states. */
export function controllersAmong(states: readonly State[]): Written['writers'] {
  const written = states.flatMap((state) => state.writes).filter(({ subresource, noop, error }) => subresource === undefined && noop === undefined && error === undefined)
  return Object.fromEntries(written.map((write) => [refKey(write.to), 'Rollouts']))
}

/** The object that an event itself writes, its status aside. */
function touchedBy(event: Event, world: World): ResourceRef | undefined {
  const find = (kind: string, name?: string): ResourceRef | undefined => {
    const object = [...world.values()].find((one) => one.kind === kind && (name === undefined || one.metadata.name === name))
    return object === undefined ? undefined : refOf(object)
  }
  switch (event.do) {
    case 'edit': return Object.keys(event.patch).length === 0 ? undefined : find(event.kind, event.name)
    case 'overwrite': return find(event.kind, event.name)
    case 'apply': return 'object' in event ? refOf(event.object) : find('Rollout', event.rollout)
    case 'undo': case 'pause': case 'resume': case 'restart': case 'scale': return find('Rollout', event.rollout)
    default: return undefined
  }
}
