import { isMap, type KubeObject, type Pointer, toPointer } from '@rollsync/manifests'

import { type EventForm, eventForms, type FieldKind } from './event-fields.ts'
import type { Event } from './event.ts'

/** What is wrong with an event script, and where in it. */
export interface EventFault {
  readonly code: 'not-a-list' | 'not-a-map' | 'unknown-event' | 'unknown-field' | 'missing-field' | 'wrong-type' | 'ambiguous-form' | 'too-large'
  readonly pointer: Pointer
  readonly message: string
}

type Path = readonly (string | number)[]

// A clock or a loop that a script drives must end: about 30 years, and as many rounds as one event may take to settle.
const COUNT_LIMIT = 1_000_000_000
const ROUNDS_LIMIT = 40

/** The events of a script (a JSON list), or everything that is wrong with it, in the order of the list. */
export function parseEvents(json: unknown): { readonly events: readonly Event[] } | { readonly faults: readonly EventFault[] } {
  if (!Array.isArray(json)) return { faults: [{ code: 'not-a-list', pointer: '', message: 'an event script is a list of events' }] }
  const faults = json.flatMap((event, i) => faultsOf(event, [i], 'outer'))
  return faults.length === 0 ? { events: json as readonly Event[] } : { faults }
}

function fault(code: EventFault['code'], path: Path, message: string): EventFault {
  return { code, pointer: toPointer(path), message }
}

function faultsOf(event: unknown, path: Path, level: 'outer' | 'inner'): readonly EventFault[] {
  if (!isMap(event)) return [fault('not-a-map', path, 'an event is a map with a field `do`')]
  const forms = typeof event['do'] === 'string' && Object.hasOwn(eventForms, event['do']) ? eventForms[event['do'] as Event['do']] : undefined
  if (forms === undefined || (level === 'inner' && event['do'] === 'interrupt')) {
    const known = Object.keys(eventForms).filter((name) => level === 'outer' || name !== 'interrupt').join(', ')
    return [fault('unknown-event', [...path, 'do'], `\`do\` must be one of ${known}`)]
  }
  const fields = Object.keys(event).filter((name) => name !== 'do')
  const fitting = forms.filter((form) => fields.every((name) => kindOf(form, name) !== undefined))
  if (fitting.length === 0) return fieldFaults(forms, fields, path)
  const tried = fitting.map((form) => formFaults(event, form, path))
  return tried.find((faults) => faults.length === 0) ?? tried[0] ?? []
}

function kindOf(form: EventForm, name: string): FieldKind | undefined {
  return Object.hasOwn(form, name) ? form[name] : Object.hasOwn(form, `${name}?`) ? form[`${name}?`] : undefined
}

function fieldFaults(forms: readonly EventForm[], fields: readonly string[], path: Path): readonly EventFault[] {
  const strange = fields.filter((name) => forms.every((form) => kindOf(form, name) === undefined))
  if (strange.length > 0) return strange.map((name) => fault('unknown-field', [...path, name], `no field of this event: ${JSON.stringify(name)}`))
  return [fault('ambiguous-form', path, `these fields do not go together: ${fields.join(', ')}`)]
}

function formFaults(event: Readonly<Record<string, unknown>>, form: EventForm, path: Path): readonly EventFault[] {
  return Object.entries(form).flatMap(([spelled, kind]) => {
    const name = spelled.replace(/\?$/, '')
    if (Object.hasOwn(event, name)) return valueFaults(event[name], kind, [...path, name])
    return spelled === name ? [fault('missing-field', path, `the event needs \`${name}\``)] : []
  })
}

function valueFaults(value: unknown, kind: FieldKind, path: Path): readonly EventFault[] {
  if (Array.isArray(kind)) return kind.includes(value as string) ? [] : [fault('wrong-type', path, `must be one of ${kind.join(', ')}`)]
  switch (kind as Exclude<FieldKind, readonly string[]>) {
    case 'text': return typeof value === 'string' ? [] : [fault('wrong-type', path, 'must be a text')]
    case 'count': return countFaults(value, path)
    case 'map': return isMap(value) ? [] : [fault('wrong-type', path, 'must be a map')]
    case 'object': return isObject(value) ? [] : [fault('wrong-type', path, 'must be a manifest with apiVersion, kind and metadata.name')]
    case 'event': return faultsOf(value, path, 'inner')
    default: return kind as never
  }
}

function countFaults(value: unknown, path: Path): readonly EventFault[] {
  if (!Number.isSafeInteger(value) || (value as number) < 0) return [fault('wrong-type', path, 'must be a whole number, 0 or more')]
  const limit = path.at(-1) === 'rounds' ? ROUNDS_LIMIT : COUNT_LIMIT
  return (value as number) > limit ? [fault('too-large', path, `must not be more than ${limit}`)] : []
}

function isObject(value: unknown): value is KubeObject {
  return isMap(value) && typeof value['apiVersion'] === 'string' && typeof value['kind'] === 'string' && isMap(value['metadata']) && typeof value['metadata']['name'] === 'string'
}
