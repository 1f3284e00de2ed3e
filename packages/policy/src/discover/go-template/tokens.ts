/** A stretch of plain text, or the words between `{{` and `}}`. Fields that stand right behind a value begin with `→.`. */
export type Token = { readonly is: 'text'; readonly text: string } | { readonly is: 'action'; readonly words: readonly string[] }

const action = /\{\{(- )?(?:\s*\/\*[\s\S]*?\*\/\s*|((?:"(?:\\.|[^"\\])*"|`[^`]*`|(?!-?\}\})[\s\S])*?))( -)?\}\}/g

/** Cuts a template (text/template/parse/lex.go); `{{- ` and ` -}}` take the white space beside them away. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  let from = 0
  let trims = false
  const push = (piece: string, trimsEnd: boolean): void => {
    const begun = trims ? piece.replace(/^[ \t\r\n]+/, '') : piece
    const whole = trimsEnd ? begun.replace(/[ \t\r\n]+$/, '') : begun
    if (whole !== '') tokens.push({ is: 'text', text: whole })
  }
  for (const found of text.matchAll(action)) {
    const [all, left, inside, right] = found
    push(text.slice(from, found.index), left !== undefined)
    if (inside !== undefined) tokens.push({ is: 'action', words: wordsOf(inside) })
    from = found.index + all.length
    trims = right !== undefined
  }
  push(text.slice(from), false)
  return tokens
}

const word = /"(?:\\.|[^"\\])*"|`[^`]*`|:=|[=|(),]|\$?[\w.]*[\w.]|\$|[+-]?[\d.][\w.+-]*|\S/g

function wordsOf(inside: string): readonly string[] {
  let end = -1
  return [...inside.matchAll(word)].map((found) => {
    const touches = found.index === end && /[)"`]/.test(inside[end - 1] ?? '') && found[0].startsWith('.')
    end = found.index + found[0].length
    return touches ? `→${found[0]}` : found[0]
  })
}
