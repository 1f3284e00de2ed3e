import { type JsonMap, own } from './json-map.ts'
import { builtInType, type Shape } from './schema.ts'

/** The shape of an object for structured merge: of a registered kind, or of a custom resource whose schema is known. Undefined where there is no schema. */
export function shapeOfObject(object: JsonMap): Shape | undefined {
  const apiVersion = String(own(object, 'apiVersion') ?? '')
  const kind = String(own(object, 'kind') ?? '')
  // the API server of today does not serve this group, so that no parser of its OpenAPI knows its kinds
  if (apiVersion.startsWith('extensions/')) return undefined
  const type = builtInType(apiVersion, kind)
  return type && { is: 'struct', type: () => type, merge: 'separable' }
}
