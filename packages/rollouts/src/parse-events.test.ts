import { describe, expect, it } from 'vitest'
import { eventForms } from './event-fields.ts'
import { eventsSchema } from './events-schema.ts'
import { parseEvents } from './parse-events.ts'

function faults(json: unknown): readonly (readonly [string, string])[] {
  const parsed = parseEvents(json)
  return 'faults' in parsed ? parsed.faults.map(({ code, pointer }) => [code, pointer] as const) : []
}

describe('parseEvents', () => {
  it('takes every form of every event', () => {
    const script = [
      { do: 'apply', image: 'app:2' }, { do: 'apply', object: { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } } }, { do: 'overwrite', kind: 'Ingress', name: 'web', how: 'apply' },
      { do: 'edit', kind: 'Ingress', name: 'web', patch: {} }, { do: 'delete', kind: 'Rollout', name: 'web' }, { do: 'promote', skip: 'all-steps' }, { do: 'promote-full' }, { do: 'abort' },
      { do: 'retry' }, { do: 'undo', to: 1, rollout: 'web' }, { do: 'pause' }, { do: 'resume' }, { do: 'scale', replicas: 0 }, { do: 'restart' }, { do: 'wait', seconds: 61 }, { do: 'sync' },
      { do: 'pods', image: 'app:2', state: 'slow' }, { do: 'pods', image: 'app:2', available: 1 }, { do: 'analysis', phase: 'Failed', message: 'why' }, { do: 'experiment', phase: 'Running' },
      { do: 'interrupt', first: { do: 'promote' }, rounds: 1, then: { do: 'abort' } },
    ]
    expect(parseEvents(script)).toEqual({ events: script })
    expect(new Set(script.map((event) => event.do))).toEqual(new Set(Object.keys(eventForms)))
  })

  it('names each fault and where it is', () => {
    expect(faults({})).toEqual([['not-a-list', '']])
    expect(faults(['abort', { do: 'explode' }, { do: 'wait' }, { do: 'wait', seconds: -1 }, { do: 'wait', seconds: 1.5 }, { do: 'abort', why: 1 }])).toEqual([
      ['not-a-map', '/0'], ['unknown-event', '/1/do'], ['missing-field', '/2'], ['wrong-type', '/3/seconds'], ['wrong-type', '/4/seconds'], ['unknown-field', '/5/why'],
    ])
    expect(faults([{ do: 'pods', image: 'a', state: 'ready', available: 1 }])).toEqual([['ambiguous-form', '/0']])
    expect(faults([{ do: 'apply', object: {} }])).toEqual([['wrong-type', '/0/object']])
    expect(faults([{ do: 'promote', skip: 'some' }])).toEqual([['wrong-type', '/0/skip']])
  })

  it('takes no interrupt inside an interrupt, and no endless ones', () => {
    const inner = { do: 'interrupt', first: { do: 'abort' }, rounds: 1, then: { do: 'abort' } }
    expect(faults([{ ...inner, first: inner }])).toEqual([['unknown-event', '/0/first/do']])
    expect(faults([{ ...inner, rounds: 41 }])).toEqual([['too-large', '/0/rounds']])
    expect(faults([{ do: 'wait', seconds: 1e12 }])).toEqual([['too-large', '/0/seconds']])
  })

  it('is not led astray by keys of Object.prototype', () => {
    expect(faults([{ do: '__proto__' }, { do: 'constructor' }, JSON.parse('{"do":"abort","__proto__":1}')]).map(([code]) => code)).toEqual(['unknown-event', 'unknown-event', 'unknown-field'])
  })
})

it('describes the same events in the JSON Schema', () => {
  const forms = (eventsSchema['$defs'] as { event: { oneOf: { properties: { do: { const: string } } }[] } }).event.oneOf
  expect(forms.map((form) => form.properties.do.const)).toEqual(Object.entries(eventForms).flatMap(([name, all]) => all.map(() => name)))
})
