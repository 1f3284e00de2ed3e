import { isMap } from '@rollsync/manifests'

/** A list item by what names it: its name, host, Service or destination; `*` where nothing does. Indices shift, names stay. */
export function itemName(item: unknown): string {
  if (!isMap(item)) return '*'
  const target = isMap(item['destination']) ? [item['destination']['host'], item['destination']['subset']] : []
  const names = [item['name'], item['host'], item['serviceName'], ...target].filter((name) => typeof name === 'string')
  return names.length === 0 ? '*' : `*(${names.join(' ')})`
}

/** A value with each list whose items all have names of their own as a map by those names, so that an item that moves stays the same one. */
export function byItemName(value: unknown): unknown {
  if (Array.isArray(value)) {
    const names = value.map(itemName)
    const named = names.length > 0 && !names.includes('*') && new Set(names).size === names.length
    return named ? Object.fromEntries(value.map((item, index) => [(names[index] ?? '').slice(2, -1), byItemName(item)])) : value.map(byItemName)
  }
  return isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, byItemName(inner)])) : value
}
