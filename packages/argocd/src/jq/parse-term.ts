import { BeyondGrammar } from './beyond-grammar.ts'
import type { ObjectEntry, Query, Term } from './grammar.ts'
import { readExpression, readPipe, STATEMENTS } from './parse.ts'
import { readObjectKey, readPattern } from './parse-pattern.ts'
import { type Token, unexpected } from './tokenize.ts'
import type { Tokens } from './tokens.ts'

// parser.go.y of 0.12.13: these are queries, and a query may stand on either side of an operator
const NOT_TERMS = new Set(['if', 'try', 'reduce', 'foreach', 'def', 'label'])

const plainText = (text: string): Query => ({ is: 'text', parts: [text] })

// func.go parseNumber: an integer stays one while it fits; beyond 2^53 JavaScript's numbers do not hold it
const numberOf = (digits: string): number => {
  const value = Number(digits)
  if (!Number.isFinite(value) || (!/[.eE]/.test(digits) && !Number.isSafeInteger(value))) throw new BeyondGrammar(`the number ${digits}`)
  return value
}

/** A term with all its suffixes. */
export function readTerm(tokens: Tokens): Term {
  tokens.deeper()
  let term = readPrimary(tokens)
  for (;;) {
    const token = tokens.peek()
    const suffixed = token.kind === 'field' || (token.kind === 'character' && '[.?'.includes(token.text))
    if (!suffixed) break
    if (tokens.version === '0.12.13' && STATEMENTS.has(term.is)) throw new BeyondGrammar('a suffix after a statement')
    if (token.kind === 'field') term = { is: 'index', of: term, key: plainText(tokens.take().value) }
    else if (tokens.accept('?')) term = { is: 'optional', of: term }
    else if (tokens.accept('.')) {
      const text = readText(tokens, undefined)
      term = text ? { is: 'index', of: term, key: text } : readBracket(tokens, term)
    } else term = readBracket(tokens, term)
  }
  tokens.shallower()
  return term
}

function readBracket(tokens: Tokens, of: Term): Term {
  tokens.expect('[')
  if (tokens.accept(']')) return { is: 'iterate', of }
  if (tokens.accept(':')) {
    const end = readPipe(tokens)
    tokens.expect(']')
    return { is: 'slice', of, end }
  }
  const start = readPipe(tokens)
  if (tokens.accept(']')) return { is: 'index', of, key: start }
  tokens.expect(':')
  if (tokens.accept(']')) return { is: 'slice', of, start }
  const end = readPipe(tokens)
  tokens.expect(']')
  return { is: 'slice', of, start, end }
}

function readPrimary(tokens: Tokens): Term {
  const text = readText(tokens, undefined)
  if (text) return text
  const token = tokens.take()
  switch (token.kind) {
    case 'field': return { is: 'index', of: { is: 'identity' }, key: plainText(token.value) }
    case '..': return { is: 'call', name: 'recurse', args: [] }
    case 'number': return { is: 'literal', value: numberOf(token.value) }
    case 'format': return readText(tokens, token.value) ?? { is: 'format', format: token.value }
    case 'identifier':
    case 'module identifier': return { is: 'call', name: token.value, args: readArgs(tokens) }
    case 'variable':
    case 'module variable': return { is: 'call', name: token.value, args: [] }
    case 'keyword': return readStatement(tokens, token)
    case 'character': return readPunctuated(tokens, token)
    default: throw unexpected(token)
  }
}

function readArgs(tokens: Tokens): readonly Query[] {
  const args: Query[] = []
  if (!tokens.accept('(')) return args
  do args.push(readPipe(tokens))
  while (tokens.accept(';'))
  tokens.expect(')')
  return args
}

function readPunctuated(tokens: Tokens, token: Token): Term {
  if (token.text === '.') {
    const text = readText(tokens, undefined)
    if (text) return { is: 'index', of: { is: 'identity' }, key: text }
    return tokens.at('[') ? readBracket(tokens, { is: 'identity' }) : { is: 'identity' }
  }
  if (token.text === '(') {
    const of = readPipe(tokens)
    tokens.expect(')')
    return { is: 'group', of }
  }
  if (token.text === '[') {
    if (tokens.accept(']')) return { is: 'list' }
    const of = readPipe(tokens)
    tokens.expect(']')
    return { is: 'list', of }
  }
  if (token.text === '{') return readObject(tokens)
  if (token.text === '+' || token.text === '-') return { is: 'signed', sign: token.text, of: readTerm(tokens) }
  throw unexpected(token)
}

function readObject(tokens: Tokens): Term {
  const entries: ObjectEntry[] = []
  while (!tokens.accept('}')) {
    entries.push(readEntry(tokens))
    if (!tokens.at('}')) {
      if (!tokens.at(',')) throw unexpected(tokens.peek())
      tokens.take()
    }
  }
  return { is: 'object', entries }
}

function readEntry(tokens: Tokens): ObjectEntry {
  const variable = tokens.at('variable') ? tokens.take().value : undefined
  const isQuery = tokens.at('(')
  const key = variable?.slice(1) ?? readObjectKey(tokens)
  const named = variable === undefined ? { key } : { key, variable }
  if (isQuery) tokens.expect(':')
  else if (!tokens.accept(':')) return named
  return { ...named, value: readObjectValue(tokens) }
}

function readObjectValue(tokens: Tokens): Query {
  // parser.go.y of 0.12.13: terms alone, joined by pipes
  const left = tokens.version === '0.12.13' ? readTerm(tokens) : readExpression(tokens, 1)
  return tokens.accept('|') ? { is: 'pipe', left, right: readObjectValue(tokens) } : left
}

/** A string, plain or interpolated, where one begins here. */
export function readText(tokens: Tokens, format: string | undefined): Term | undefined {
  const shape = format === undefined ? {} : { format }
  if (tokens.at('string')) return { is: 'text', parts: [tokens.take().value], ...shape }
  if (!tokens.accept('string start')) return undefined
  const parts: (string | Query)[] = []
  while (!tokens.accept('string end')) {
    if (tokens.at('string')) parts.push(tokens.take().value)
    else {
      tokens.expect('string query')
      parts.push({ is: 'group', of: readPipe(tokens) })
      tokens.expect(')')
      tokens.enterString()
    }
  }
  return { is: 'text', parts: parts.length ? parts : [{ is: 'text', parts: [''] }], ...shape }
}

function readStatement(tokens: Tokens, token: Token): Term {
  if (tokens.version === '0.12.13' && NOT_TERMS.has(token.text) && !tokens.beganOperand(token)) throw new BeyondGrammar(`${token.text} inside a term`)
  switch (token.text) {
    case 'null': return { is: 'literal', value: null }
    case 'true': return { is: 'literal', value: true }
    case 'false': return { is: 'literal', value: false }
    case 'if': return readCondition(tokens)
    case 'try': {
      const body = readTerm(tokens)
      return tokens.accept('catch') ? { is: 'try', body, handler: readTerm(tokens) } : { is: 'try', body }
    }
    case 'break': return { is: 'break', name: tokens.expect('variable').value }
    case 'reduce':
    case 'foreach': return readFold(tokens, token.text)
    default: throw unexpected(token)
  }
}

function readCondition(tokens: Tokens): Term {
  const condition = readPipe(tokens)
  tokens.expect('then')
  const then = readPipe(tokens)
  if (tokens.accept('elif')) return { is: 'if', condition, then, otherwise: readCondition(tokens) }
  const otherwise = tokens.accept('else') ? readPipe(tokens) : undefined
  tokens.expect('end')
  return otherwise ? { is: 'if', condition, then, otherwise } : { is: 'if', condition, then }
}

function readFold(tokens: Tokens, word: 'reduce' | 'foreach'): Term {
  // parser.go.y of 0.12.13: a term alone
  const source = tokens.version === '0.12.13' ? readTerm(tokens) : readExpression(tokens, 1)
  tokens.expect('as')
  const pattern = readPattern(tokens)
  tokens.expect('(')
  const start = readPipe(tokens)
  tokens.expect(';')
  const update = readPipe(tokens)
  const extract = word === 'foreach' && tokens.accept(';') ? readPipe(tokens) : undefined
  tokens.expect(')')
  if (word === 'reduce') return { is: 'reduce', source, pattern, start, update }
  return extract ? { is: 'foreach', source, pattern, start, update, extract } : { is: 'foreach', source, pattern, start, update }
}
