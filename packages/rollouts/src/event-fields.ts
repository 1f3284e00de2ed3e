import type { Event } from './event.ts'

/** What a field of an event may hold. */
export type FieldKind = 'text' | 'count' | 'object' | 'map' | 'event' | readonly string[]

/** The fields of one form of an event; a name that ends in `?` may be absent. */
export type EventForm = Readonly<Record<string, FieldKind>>

const RUN_PHASES = ['Pending', 'Running', 'Successful', 'Failed', 'Error', 'Inconclusive']
const ON_ROLLOUT: EventForm = { 'rollout?': 'text' }

/** Every event, with the forms that it may have: what `parseEvents` accepts and `eventsSchema` describes. */
export const eventForms: Readonly<Record<Event['do'], readonly EventForm[]>> = {
  apply: [{ image: 'text', 'rollout?': 'text' }, { object: 'object' }],
  overwrite: [{ kind: 'text', name: 'text', how: ['apply', 'replace'] }],
  edit: [{ kind: 'text', name: 'text', patch: 'map' }],
  delete: [{ kind: 'text', name: 'text' }],
  promote: [{ 'skip?': ['current-step', 'all-steps'], 'rollout?': 'text' }],
  'promote-full': [ON_ROLLOUT],
  abort: [ON_ROLLOUT],
  retry: [ON_ROLLOUT],
  undo: [{ 'to?': 'count', 'rollout?': 'text' }],
  pause: [ON_ROLLOUT],
  resume: [ON_ROLLOUT],
  scale: [{ replicas: 'count', 'rollout?': 'text' }],
  restart: [ON_ROLLOUT],
  wait: [{ seconds: 'count' }],
  sync: [{}],
  pods: [{ image: 'text', state: ['ready', 'slow', 'crash'] }, { image: 'text', available: 'count' }],
  analysis: [{ phase: RUN_PHASES, 'message?': 'text' }],
  experiment: [{ phase: RUN_PHASES, 'message?': 'text' }],
  interrupt: [{ first: 'event', rounds: 'count', then: 'event' }],
}
