const named: ReadonlyMap<string, string> = new Map([
  ['\u0007', '\\a'], ['\b', '\\b'], ['\f', '\\f'], ['\n', '\\n'], ['\r', '\\r'], ['\t', '\\t'], ['\v', '\\v'], ['\\', '\\\\'],
])
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u

/** A text as Go's strconv.Quote prints it, in double quotes. */
export function quote(text: string): string {
  return `"${[...text].map((char) => (char === '"' ? '\\"' : quoteChar(char))).join('')}"`
}

/** One character as it stands between Go's quotes, without the quotes; a double quote is left as it is. */
export function quoteChar(char: string): string {
  const name = named.get(char)
  if (name !== undefined) return name
  if (printable.test(char)) return char
  const code = char.codePointAt(0) ?? 0
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0')
}
