import type { Shape, StructType } from '../schema.ts'

/** Where a strategic merge stands in the Go types: the type of the map at hand; undefined where Go has no struct for it. */
export type PatchSchema = StructType | undefined

export interface PatchMeta {
  readonly schema: PatchSchema
  readonly strategy: '' | 'merge' | 'replace'
  readonly retainKeys: 'yes' | 'no'
  readonly mergeKey: string
}

/** What apimachinery's strategicpatch and mergepatch refuse to do. */
export class StrategicMergeError extends Error {}

/** What a published schema does not describe: everything in it is replaced. */
const anything: StructType = { name: '', packageName: '', fields: new Map(), open: true, origin: 'published' }
const undescribed: PatchMeta = { schema: anything, strategy: '', retainKeys: 'no', mergeKey: '' }

// json/fields.go LookupPatchMetadataForStruct, meta.go PatchMetaFromOpenAPI
export function lookUpStruct(schema: PatchSchema, key: string): PatchMeta {
  if (!schema) throw new StrategicMergeError('merging an object in json but data type is not struct, instead is: map')
  const field = schema.fields.get(key)
  if (!field && schema.open && schema.origin === 'published') return undescribed
  if (!field) throw new StrategicMergeError(`unable to find api field in struct ${schema.name} for the json field ${JSON.stringify(key)}`)
  const strategies = field.strategies.filter((strategy) => strategy !== 'retainKeys')
  const strategy = (strategies[0] ?? '') as PatchMeta['strategy']
  return { schema: structOf(field.shape, schema), strategy, retainKeys: strategies.length < field.strategies.length ? 'yes' : 'no', mergeKey: field.mergeKey }
}

export function lookUpSlice(schema: PatchSchema, key: string): PatchMeta {
  const meta = lookUpStruct(schema, key)
  const shape = schema!.fields.get(key)?.shape ?? { is: 'any' }
  if (shape.is === 'any' && schema!.origin === 'published') return { ...meta, schema: anything }
  if (shape.is !== 'list') throw new StrategicMergeError('expected slice or array type, but got: struct')
  return { ...meta, schema: structOf(shape.of, schema!) }
}

function structOf(shape: Shape, parent: StructType): PatchSchema {
  if (shape.is === 'struct') return shape.type()
  return parent.origin === 'published' ? anything : undefined
}
