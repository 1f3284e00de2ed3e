import { isJsonMap, type JsonMap, nested, own } from './json-map.ts'

/** Schemas in the notation that schema.ts reads: `apiVersion/Kind` to a type, types to their fields. */
export interface Notation { readonly kinds: Readonly<Record<string, string>>; readonly types: Readonly<Record<string, string>> }

/** What structured merge needs of CustomResourceDefinitions (apiextensions.k8s.io/v1), every version; defaults and validation are left out. */
export function crdNotation(definitions: readonly object[]): Notation {
  const kinds: [string, string][] = []
  const names = new Map<string, string>()
  const types: [string, string][] = []
  const nameOf = (text: string): string => {
    let name = names.get(text)
    if (name === undefined) {
      name = `crd.${names.size}`
      names.set(text, name)
      types.push([name, text])
    }
    return name
  }
  for (const definition of definitions as readonly JsonMap[]) {
    const group = nested(definition, ['spec', 'group'])
    const kind = nested(definition, ['spec', 'names', 'kind'])
    const versions = nested(definition, ['spec', 'versions'])
    if (typeof group !== 'string' || typeof kind !== 'string' || !Array.isArray(versions)) continue
    for (const version of versions.filter(isJsonMap)) {
      const schema = nested(version, ['schema', 'openAPIV3Schema'])
      if (typeof version['name'] === 'string' && isJsonMap(schema)) kinds.push([`${group}/${version['name']}/${kind}`, nameOf(structText(rootOf(schema), nameOf))])
    }
  }
  return { kinds: Object.fromEntries(kinds), types: Object.fromEntries(types) }
}

/** The API server puts its own schema in the place of the three common fields. */
function rootOf(schema: JsonMap): JsonMap {
  const text = { type: 'string' }
  const properties = own(schema, 'properties') as JsonMap | undefined
  return { ...schema, properties: { ...properties, apiVersion: text, kind: text, metadata: { named: 'meta/v1.ObjectMeta' } } }
}

function structText(schema: JsonMap, nameOf: (text: string) => string): string {
  const properties = own(schema, 'properties') as JsonMap
  const fields = Object.keys(properties).toSorted().map((key) => {
    const field = (isJsonMap(properties[key]) ? properties[key] : {}) as JsonMap
    return `${key}:${shapeText(field, nameOf)}?${relation(field)}`
  })
  const marks = [...(schema['x-kubernetes-preserve-unknown-fields'] === true ? ['~o'] : []), ...(schema['x-kubernetes-map-type'] === 'atomic' ? ['~a'] : [])]
  return [...marks, ...fields].join(' ')
}

function relation(schema: JsonMap): string {
  if (schema['type'] === 'array' && schema['x-kubernetes-list-type'] === 'set') return '~s'
  const keys = schema['x-kubernetes-list-map-keys']
  if (schema['type'] === 'array' && schema['x-kubernetes-list-type'] === 'map' && Array.isArray(keys)) return `~${keys.join(',')}`
  return schema['type'] === 'object' && schema['x-kubernetes-map-type'] === 'atomic' ? '~a' : ''
}

function shapeText(schema: JsonMap, nameOf: (text: string) => string): string {
  if (typeof schema['named'] === 'string') return schema['named']
  // published without a type, so that anything is taken
  if (schema['x-kubernetes-int-or-string'] === true) return 'a'
  switch (schema['type']) {
    // schemaconv: a text with a format of its own is any scalar
    case 'string': return ['', 'byte', undefined].includes(schema['format'] as string | undefined) ? 's' : 'n'
    case 'boolean': return 'b'
    case 'integer': case 'number': return 'f'
    case 'array': return `[]${isJsonMap(schema['items']) ? shapeText(schema['items'], nameOf) : 'a'}`
    case 'object': {
      const properties = own(schema, 'properties')
      if (isJsonMap(properties) && Object.keys(properties).length > 0) return nameOf(structText(schema, nameOf))
      const additional = own(schema, 'additionalProperties')
      if (isJsonMap(additional)) return `{}${shapeText(additional, nameOf)}`
      return schema['x-kubernetes-preserve-unknown-fields'] === true ? 'a' : '{}a'
    }
    default: return 'a'
  }
}
