/** A JSON Pointer (RFC 6901): `''` is the whole document, `/metadata/annotations/a~1b` the key `a/b`. */
export type Pointer = string

/** The reference tokens of a pointer, unescaped. Throws a RangeError for a text that is not a pointer. */
export function pointerTokens(pointer: Pointer): readonly string[] {
  if (pointer === '') return []
  if (!pointer.startsWith('/')) throw new RangeError(`not a JSON Pointer (it must be empty or start with "/"): ${pointer}`)
  return pointer.slice(1).split('/').map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** Most pointers are asked for again and again, of one object after the other. */
const known = new Map<Pointer, readonly string[]>()
const mostKnown = 1000

function knownTokens(pointer: Pointer): readonly string[] {
  const before = known.get(pointer)
  if (before !== undefined) return before
  const tokens = pointerTokens(pointer)
  if (known.size >= mostKnown) known.clear()
  known.set(pointer, tokens)
  return tokens
}

/** The pointer to a path of keys and list indices: `['a/b', 0]` is `/a~1b/0`. */
export function toPointer(path: readonly (string | number)[]): Pointer {
  return path.map((token) => `/${String(token).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** The value a pointer leads to, or undefined where there is none. Own properties only: `/__proto__` finds nothing that the document does not hold. */
export function valueAt(document: unknown, pointer: Pointer): unknown {
  let value = document
  for (const token of knownTokens(pointer)) {
    if (Array.isArray(value)) value = /^(0|[1-9]\d*)$/.test(token) ? (value as unknown[])[Number(token)] : undefined
    else if (typeof value === 'object' && value !== null && Object.hasOwn(value, token)) value = (value as Record<string, unknown>)[token]
    else return undefined
  }
  return value
}
