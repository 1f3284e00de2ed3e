import { GoDecodeError, throughGo } from './go-json.ts'
import { isJsonMap, type JsonMap, put, textAt } from './json-map.ts'
import { builtInType, type EmptyTimes } from './schema.ts'

/** diff.go:1230 remarshal: a trip through the Go type of a registered kind. An object that does not fit the type comes back as it is. */
export function remarshal(object: JsonMap, emptyTimes: EmptyTimes): JsonMap {
  const type = builtInType(textAt(object, 'apiVersion'), textAt(object, 'kind'), emptyTimes)
  if (!type) return object
  try {
    // RemoveMapFields(obj, body) keeps only keys that the object had: the absent ones need not be written
    return throughGo(type, object, 'strict', 'skip')
  } catch (error) {
    if (error instanceof GoDecodeError) return object
    throw error
  }
}

/** json.go RemoveMapFields: of `live`, what `config` has too; lists are aligned by index, and an extra tail of live stays. */
export function removeMapFields(config: JsonMap, live: JsonMap): JsonMap {
  const result: JsonMap = {}
  for (const key of Object.keys(config)) if (Object.hasOwn(live, key)) put(result, key, removeFields(config[key], live[key]))
  return result
}

export function removeListFields(config: readonly unknown[], live: readonly unknown[]): unknown[] {
  return live.map((item, i) => (i < config.length ? removeFields(config[i], item) : item))
}

function removeFields(config: unknown, live: unknown): unknown {
  if (isJsonMap(config) && isJsonMap(live)) return removeMapFields(config, live)
  if (Array.isArray(config) && Array.isArray(live)) return removeListFields(config, live)
  return live
}
