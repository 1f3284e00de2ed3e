import { BeyondGrammar } from './beyond-grammar.ts'
import type { GojqVersion } from './engine.ts'
import type { Definition, Operator, Query } from './grammar.ts'
import { readPattern } from './parse-pattern.ts'
import { readTerm } from './parse-term.ts'
import { readTokens, type Tokens } from './tokens.ts'
import { type Token, unexpected } from './tokenize.ts'

// parser.go.y, lowest first: how tightly an operator binds and on which side it may repeat
const LEVELS: Readonly<Record<string, readonly [level: number, side: 'left' | 'right' | 'none']>> = {
  '//': [1, 'right'], '=': [2, 'none'], '|=': [2, 'none'], '+=': [2, 'none'], '-=': [2, 'none'], '*=': [2, 'none'], '/=': [2, 'none'],
  '%=': [2, 'none'], '//=': [2, 'none'], or: [3, 'left'], and: [4, 'left'], '==': [5, 'none'], '!=': [5, 'none'], '<': [5, 'none'],
  '<=': [5, 'none'], '>': [5, 'none'], '>=': [5, 'none'], '+': [6, 'left'], '-': [6, 'left'], '*': [7, 'left'], '/': [7, 'left'], '%': [7, 'left'],
}
const OPERATOR_KINDS = new Set(['//', 'update', 'compare', 'character', 'keyword'])

/** Parses as parser.go.y does: throws InvalidExpression with gojq's text at the first token that cannot follow, BeyondGrammar where releases differ. */
export function parseQuery(source: string, version: GojqVersion): Query {
  if (version === '0.12.13' && /#[^\n\r]*\\/.test(source)) throw new BeyondGrammar('a backslash in a comment')
  const tokens = readTokens(source, version)
  const query = readPipe(tokens)
  tokens.expect('end of text')
  return query
}

/** One whole query: pipes, commas, operators; ends at the first token that cannot belong to it. */
export function readPipe(tokens: Tokens): Query {
  tokens.deeper()
  const left = readCommas(tokens)
  const query: Query = tokens.accept('|') ? { is: 'pipe', left, right: readPipe(tokens) } : left
  tokens.shallower()
  return query
}

function readCommas(tokens: Tokens): Query {
  let left = readOperand(tokens)
  while (tokens.accept(',')) left = { is: 'comma', left, right: readOperand(tokens) }
  return left
}

// A definition, a label and a binding each take everything to their right.
function readOperand(tokens: Tokens): Query {
  tokens.beginOperand()
  if (tokens.at('def')) return { is: 'define', definition: readDefinition(tokens), body: readPipe(tokens) }
  if (tokens.accept('label')) {
    const name = tokens.expect('variable').value
    tokens.expect('|')
    return { is: 'label', name, body: readPipe(tokens) }
  }
  const source = readExpression(tokens, 1)
  if (!tokens.at('as')) return source
  const isTerm = !OPERATIONS.has(source.is)
  if (!isTerm && tokens.version === '0.12.17') throw unexpected(tokens.peek())
  if (tokens.version === '0.12.13' && (!isTerm || STATEMENTS.has(source.is))) throw new BeyondGrammar('`as` after an operator or a statement')
  tokens.take()
  const patterns = [readPattern(tokens)]
  while (tokens.accept('?//')) patterns.push(readPattern(tokens))
  tokens.expect('|')
  return { is: 'bind', source, patterns, body: readPipe(tokens) }
}

function readDefinition(tokens: Tokens): Definition {
  tokens.expect('def')
  const name = tokens.expect('identifier').value
  const parameters: string[] = []
  if (tokens.accept('(')) {
    do parameters.push(tokens.at('variable') ? tokens.take().value : tokens.expect('identifier').value)
    while (tokens.accept(';'))
    tokens.expect(')')
  }
  tokens.expect(':')
  const body = readPipe(tokens)
  tokens.expect(';')
  return { name, parameters, body }
}

/** Operators of at least this level, as the precedence table of parser.go.y reduces them. */
export function readExpression(tokens: Tokens, minimum: number): Query {
  let left: Query = readTerm(tokens)
  let barred = 0
  for (;;) {
    const token = tokens.peek()
    const level = OPERATOR_KINDS.has(token.kind) && Object.hasOwn(LEVELS, token.text) ? LEVELS[token.text] : undefined
    if (!level || level[0] < minimum) return left
    if (level[0] === barred) throw unexpected(token)
    if (tokens.version === '0.12.13' && STATEMENTS.has(left.is)) throw new BeyondGrammar('an operator after a statement')
    tokens.take()
    const right = readExpression(tokens, level[1] === 'right' ? level[0] : level[0] + 1)
    left = operation(token, left, right)
    barred = level[1] === 'none' ? level[0] : 0
  }
}

/** Queries that an operator builds, and those that 0.12.13 does not count as terms. */
const OPERATIONS: ReadonlySet<string> = new Set(['alternative', 'update', 'or', 'and', 'operation'])
export const STATEMENTS: ReadonlySet<string> = new Set(['if', 'try', 'reduce', 'foreach'])

const operation = (token: Token, left: Query, right: Query): Query => {
  if (token.kind === '//') return { is: 'alternative', left, right }
  if (token.kind === 'update') return { is: 'update', operator: token.text, left, right }
  if (token.text === 'or') return { is: 'or', left, right }
  if (token.text === 'and') return { is: 'and', left, right }
  return { is: 'operation', operator: token.text as Operator, left, right }
}
