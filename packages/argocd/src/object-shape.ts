import { crdNotation, type Notation } from './crd-notation.ts'
import { customKinds, customTypes } from './custom-schemas.generated.ts'
import { type JsonMap, textAt } from './json-map.ts'
import { publishedKinds, publishedTypes, retiredKinds } from './published-kinds.generated.ts'
import { builtInType, namedType, type Shape, type StructType, typeLookup } from './schema.ts'

/** The type of a custom resource by apiVersion and kind; undefined where its schema is not known. */
export type CustomSchemas = (apiVersion: string, kind: string) => StructType | undefined

/** Argo Rollouts' kinds, VirtualService, DestinationRule, HTTPRoute, GRPCRoute, TargetGroupBinding: from the definitions their projects publish. */
export const publishedSchemas: CustomSchemas = schemasOf({ kinds: customKinds, types: customTypes })
/** What every API server publishes beside the kinds of Go's scheme: CustomResourceDefinition, APIService and their like. */
const servedSchemas: CustomSchemas = schemasOf({ kinds: publishedKinds, types: publishedTypes })

/** The schemas of these CustomResourceDefinitions, and the published ones for kinds that they do not define. */
export function readCustomSchemas(definitions: readonly object[]): CustomSchemas {
  const own = schemasOf(crdNotation(definitions))
  return (apiVersion, kind) => own(apiVersion, kind) ?? publishedSchemas(apiVersion, kind)
}

function schemasOf({ kinds, types }: Notation): CustomSchemas {
  const lookUp = typeLookup(types, namedType)
  return (apiVersion, kind) => {
    const key = `${apiVersion}/${kind}`
    return Object.hasOwn(kinds, key) ? lookUp(kinds[key]!).type : undefined
  }
}

/** The type of a kind that Go's scheme has not registered, as the cluster publishes it. */
export function customType(apiVersion: string, kind: string, schemas: CustomSchemas): StructType | undefined {
  return schemas(apiVersion, kind) ?? servedSchemas(apiVersion, kind)
}

/** The shape of an object for structured merge: of a registered kind, or of a custom resource whose schema is known. Undefined where there is no schema. */
export function shapeOfObject(object: JsonMap, schemas: CustomSchemas): Shape | undefined {
  const apiVersion = textAt(object, 'apiVersion')
  const kind = textAt(object, 'kind')
  // what the API server of today does not serve, no parser of its OpenAPI knows
  if (retiredKinds.has(`${apiVersion}/${kind}`)) return undefined
  const type = builtInType(apiVersion, kind) ?? customType(apiVersion, kind, schemas)
  return type && { is: 'struct', type: () => type, merge: 'separable' }
}
