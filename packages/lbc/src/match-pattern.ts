/** Whether letters of a different case match too. */
export type Casing = 'case matters' | 'any case'

/** Whether a backslash before `*`, `?` or a backslash makes it stand for itself, which ALB documents for query strings only. */
export type Escapes = 'backslash escapes' | 'no escapes'

type Piece = { readonly is: 'any run' } | { readonly is: 'any one' } | { readonly is: 'char'; readonly char: string }

/** ALB's wildcards: `*` is any run of characters, `?` exactly one, over the whole text. At worst as many steps as text times pattern, whatever they hold. */
export function matchesPattern(text: string, pattern: string, casing: Casing, escapes: Escapes = 'no escapes'): boolean {
  const fold = (value: string): string => (casing === 'any case' ? value.toLowerCase() : value)
  const pieces = piecesOf(fold(pattern), escapes)
  const chars = [...fold(text)]
  let piece = 0
  let retry: { readonly piece: number; at: number } | undefined
  for (let at = 0; at < chars.length;) {
    const wanted = pieces[piece]
    if (wanted?.is === 'any run') retry = { piece: ++piece, at }
    else if (wanted !== undefined && (wanted.is === 'any one' || wanted.char === chars[at])) {
      piece++
      at++
    } else if (retry === undefined) return false
    else {
      // Give the last `*` one character more.
      at = ++retry.at
      piece = retry.piece
    }
  }
  return pieces.slice(piece).every((rest) => rest.is === 'any run')
}

/** A text that matches a pattern: each `*` becomes `run`, each `?` an `x`. */
export function exampleOf(pattern: string, run: string, escapes: Escapes = 'no escapes'): string {
  return piecesOf(pattern, escapes).map((piece) => (piece.is === 'any run' ? run : piece.is === 'any one' ? 'x' : piece.char)).join('')
}

function piecesOf(pattern: string, escapes: Escapes): readonly Piece[] {
  const pieces: Piece[] = []
  const chars = [...pattern]
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] ?? ''
    const next = chars[i + 1]
    if (escapes === 'backslash escapes' && char === '\\' && next !== undefined && '*?\\'.includes(next)) {
      pieces.push({ is: 'char', char: next })
      i++
    } else if (char !== '*') pieces.push(char === '?' ? { is: 'any one' } : { is: 'char', char })
    else if (pieces.at(-1)?.is !== 'any run') pieces.push({ is: 'any run' })
  }
  return pieces
}
