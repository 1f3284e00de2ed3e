import type { KubeObject } from '@rollsync/manifests'
import { writtenBy } from './field-manager.ts'
import type { JsonMap } from './json-map.ts'
import { type CustomSchemas, publishedSchemas } from './object-shape.ts'

/** An object after another controller has changed it: `after`, with the managedFields that the API server keeps of it where `before` had any. */
export function changedBy(before: object, after: object, manager: string, schemas: CustomSchemas = publishedSchemas): KubeObject {
  return writtenBy(before as JsonMap, after as JsonMap, manager, schemas) as KubeObject
}
