import type { Pattern, Query } from './grammar.ts'
import { readPipe } from './parse.ts'
import { readText } from './parse-term.ts'
import type { Tokens } from './tokens.ts'

/** A destructuring pattern after `as`. */
export function readPattern(tokens: Tokens): Pattern {
  if (tokens.at('variable')) return { pattern: 'variable', name: tokens.take().value }
  if (tokens.accept('[')) {
    const items = [readPattern(tokens)]
    while (tokens.accept(',')) items.push(readPattern(tokens))
    tokens.expect(']')
    return { pattern: 'list', items }
  }
  tokens.expect('{')
  const entries = [readPatternEntry(tokens)]
  while (tokens.accept(',')) entries.push(readPatternEntry(tokens))
  tokens.expect('}')
  return { pattern: 'object', entries }
}

function readPatternEntry(tokens: Tokens): { key: string | Query; variable?: string; of?: Pattern } {
  if (tokens.at('variable')) {
    const variable = tokens.take().value
    return tokens.accept(':') ? { key: variable.slice(1), variable, of: readPattern(tokens) } : { key: variable.slice(1), variable }
  }
  const key = readObjectKey(tokens)
  tokens.expect(':')
  return { key, of: readPattern(tokens) }
}

/** A key of an object or a pattern: a name, a keyword, a string or a query in parentheses. */
export function readObjectKey(tokens: Tokens): string | Query {
  if (tokens.accept('(')) {
    const key = readPipe(tokens)
    tokens.expect(')')
    return key
  }
  const text = readText(tokens, undefined)
  if (text) return text
  return tokens.at('keyword') ? tokens.take().value : tokens.expect('identifier').value
}
