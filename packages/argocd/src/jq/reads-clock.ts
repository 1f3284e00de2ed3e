import { tokenize } from './tokenize.ts'

/** Whether an expression calls `now`: then its answer is another at every call, in Argo CD too. */
export function readsClock(expression: string): boolean {
  if (!expression.includes('now')) return false
  const lexer = tokenize(expression)
  for (let token = lexer.next(); token.kind !== 'end of text'; token = lexer.next()) {
    if (token.kind === 'identifier' && token.value === 'now') return true
  }
  return false
}
