import { type EventForm, eventForms, type FieldKind } from './event-fields.ts'

type Schema = Readonly<Record<string, unknown>>

/** The JSON Schema (2020-12) of an event script, made from the same table that `parseEvents` reads. */
export const eventsSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'rollsync event script',
  type: 'array',
  items: { $ref: '#/$defs/event' },
  $defs: { event: { oneOf: Object.entries(eventForms).flatMap(([name, forms]) => forms.map((form) => formSchema(name, form))) } },
}

function formSchema(name: string, form: EventForm): Schema {
  const fields = Object.entries(form).map(([spelled, kind]) => [spelled.replace(/\?$/, ''), fieldSchema(kind)] as const)
  const required = Object.keys(form).filter((spelled) => !spelled.endsWith('?'))
  return { type: 'object', properties: Object.fromEntries([['do', { const: name }], ...fields]), required: ['do', ...required], additionalProperties: false }
}

function fieldSchema(kind: FieldKind): Schema {
  if (Array.isArray(kind)) return { enum: kind }
  switch (kind as Exclude<FieldKind, readonly string[]>) {
    case 'text': return { type: 'string' }
    case 'count': return { type: 'integer', minimum: 0 }
    case 'map': return { type: 'object' }
    case 'object': return { type: 'object', required: ['apiVersion', 'kind', 'metadata'] }
    case 'event': return { $ref: '#/$defs/event' }
    default: return kind as never
  }
}
