/** Groups in the order of first appearance. (`Map.groupBy` comes with Node 21.) */
export function group<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const before = groups.get(key)
    if (before === undefined) groups.set(key, [item])
    else before.push(item)
  }
  return groups
}
