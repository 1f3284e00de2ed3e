import type { Event } from './event.ts'

/** An event in a few words: `image updated`, `promoted`, `60 s passed`. */
export function describeEvent(event: Event): string {
  switch (event.do) {
    case 'apply': return 'image' in event ? `image updated to ${event.image}` : `${event.object.kind} ${event.object.metadata.name} changed in Git`
    case 'overwrite': return `${event.kind} ${event.name} ${event.how === 'apply' ? 'synced from Git' : 'replaced by Git'}`
    case 'edit': return `${event.kind} ${event.name} edited by hand`
    case 'delete': return `${event.kind} ${event.name} deleted`
    case 'promote': return event.skip === undefined ? 'promoted' : event.skip === 'all-steps' ? 'all steps skipped' : 'step skipped'
    case 'promote-full': return 'promoted in full'
    case 'abort': return 'aborted'
    case 'retry': return 'retried'
    case 'undo': return event.to === undefined ? 'undone' : `undone to revision ${event.to}`
    case 'pause': return 'paused by hand'
    case 'resume': return 'resumed'
    case 'scale': return `scaled to ${event.replicas}`
    case 'restart': return 'restarted'
    case 'wait': return `${event.seconds} s passed`
    case 'sync': return 'synced again'
    case 'pods': return 'available' in event ? `at most ${event.available} pods of ${event.image} available` : `pods of ${event.image} ${POD_WORDS[event.state]}`
    case 'analysis': return `analysis ${event.phase}`
    case 'experiment': return `experiment ${event.phase}`
    case 'interrupt': return `${describeEvent(event.first)}, and ${event.rounds} syncs later ${describeEvent(event.then)}`
    default: return event satisfies never
  }
}

const POD_WORDS = { ready: 'become ready', slow: 'do not become ready', crash: 'crashed' } as const

/** A story in one line; `deployed` where it has no event. */
export function describeStory(story: readonly Event[]): string {
  return story.length === 0 ? 'deployed' : story.map(describeEvent).join('; ')
}
