import { GoDecodeError, throughGo } from './go-json.ts'
import { isJsonMap, type JsonMap, own, put, withKey, without } from './json-map.ts'
import { builtInType, type EmptyTimes } from './schema.ts'

/** diff.go:905 Normalize without its last step: creationTimestamp goes, Secrets, roles and Endpoints get the form they are compared in. */
export function normalizeObject(object: JsonMap, ignoreAggregatedRoles: 'yes' | 'no', emptyTimes: EmptyTimes): JsonMap {
  const result = without(object, ['metadata', 'creationTimestamp'])
  const apiVersion = own(result, 'apiVersion')
  const kind = own(result, 'kind')
  if (typeof apiVersion !== 'string') return result
  if (!apiVersion.includes('/') && kind === 'Secret') return normalizeSecret(result)
  if (!apiVersion.includes('/') && kind === 'Endpoints') return normalizeEndpoints(result, emptyTimes)
  if (apiVersion.startsWith('rbac.authorization.k8s.io/') && (kind === 'ClusterRole' || kind === 'Role')) return normalizeRole(result, ignoreAggregatedRoles)
  return result
}

/** diff.go NormalizeSecret: stringData goes into data, null and empty values into the form that Go writes. */
export function normalizeSecret(secret: JsonMap): JsonMap {
  let result = secret
  const texts = own(secret, 'stringData')
  if (isJsonMap(texts)) {
    const data: JsonMap = isJsonMap(own(secret, 'data')) ? { ...(own(secret, 'data') as JsonMap) } : {}
    for (const key of Object.keys(texts)) put(data, key, typeof texts[key] === 'string' ? base64(texts[key]) : texts[key])
    result = withKey(without(secret, ['stringData']), 'data', data)
  }
  const data = own(result, 'data')
  if (!isJsonMap(data)) return result
  try {
    throughGo(builtInType('v1', 'Secret')!, result, 'lax', 'skip')
  } catch {
    return result
  }
  // an empty map is left out on the way back from the Go type
  if (Object.keys(data).length === 0) return withKey(result, 'data', null)
  const filled: JsonMap = {}
  for (const key of Object.keys(data)) put(filled, key, data[key] ?? '')
  return withKey(result, 'data', filled)
}

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text)
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

function normalizeRole(role: JsonMap, ignoreAggregatedRoles: 'yes' | 'no'): JsonMap {
  const aggregated = ignoreAggregatedRoles === 'yes' && isJsonMap(own(role, 'aggregationRule'))
  const rules = own(role, 'rules')
  return aggregated || (Array.isArray(rules) && rules.length === 0) ? withKey(role, 'rules', null) : role
}

/** The order that SortSubsets brings about is another one; what matters is that both sides come to the same. */
function normalizeEndpoints(endpoints: JsonMap, emptyTimes: EmptyTimes): JsonMap {
  const typed = throughEndpoints(endpoints, emptyTimes)
  const subsets = typed && own(typed, 'subsets')
  if (!typed || !Array.isArray(subsets)) return typed ?? endpoints
  const sorted = (subsets as JsonMap[]).map((subset) => ({ ...subset, ...sortedPorts(subset), ...sortedAddresses(subset, 'addresses'), ...sortedAddresses(subset, 'notReadyAddresses') }))
  return withKey(typed, 'subsets', sorted.toSorted(byText))
}

function throughEndpoints(endpoints: JsonMap, emptyTimes: EmptyTimes): JsonMap | undefined {
  try {
    return throughGo(builtInType('v1', 'Endpoints', emptyTimes)!, endpoints, 'lax', 'zero')
  } catch (error) {
    if (error instanceof GoDecodeError) return undefined
    throw error
  }
}

function sortedPorts(subset: JsonMap): JsonMap {
  const ports = subset['ports']
  return Array.isArray(ports) ? { ports: (ports as JsonMap[]).map((port) => ({ ...port, protocol: port['protocol'] || 'TCP' })).toSorted(byText) } : {}
}

function sortedAddresses(subset: JsonMap, key: string): JsonMap {
  const addresses = subset[key]
  return Array.isArray(addresses) ? { [key]: (addresses as unknown[]).toSorted(byText) } : {}
}

function byText(a: unknown, b: unknown): number {
  const left = JSON.stringify(a)
  const right = JSON.stringify(b)
  return left < right ? -1 : left > right ? 1 : 0
}
