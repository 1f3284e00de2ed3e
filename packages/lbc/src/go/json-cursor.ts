/** A place in a text that is known to be JSON. */
export interface Cursor {
  readonly text: string
  at: number
}

/** Steps over white space. */
export function skipSpace(cursor: Cursor): void {
  while (' \t\r\n'.includes(cursor.text[cursor.at] ?? 'x')) cursor.at++
}

/** fold.go: ASCII letters, and the two characters beyond ASCII that fold to one. */
export function fold(key: string): string {
  return key.replace(/[a-z]/g, (char) => char.toUpperCase()).replaceAll('\u017f', 'S').replaceAll('\u212a', 'K')
}

/** decode.go unquote: half a surrogate pair becomes U+FFFD. */
export function unquote(raw: string): string {
  return (JSON.parse(raw) as string).replace(/\p{Cs}/gu, '\ufffd')
}

/** Steps over one value and gives its text. */
export function skipValue(cursor: Cursor): string {
  skipSpace(cursor)
  const start = cursor.at
  let depth = 0
  do {
    const char = cursor.text[cursor.at]
    if (char === '"') skipString(cursor)
    else if (char === '{' || char === '[') depth += 1
    else if (char === '}' || char === ']') depth -= 1
    else if (depth === 0) {
      while (/[-+.0-9a-zA-Z]/.test(cursor.text[cursor.at + 1] ?? '')) cursor.at++
    }
    cursor.at++
  } while (depth > 0)
  return cursor.text.slice(start, cursor.at)
}

function skipString(cursor: Cursor): void {
  for (cursor.at++; cursor.text[cursor.at] !== '"'; cursor.at++) if (cursor.text[cursor.at] === '\\') cursor.at++
}
