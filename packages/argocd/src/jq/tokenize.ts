import { BeyondGrammar, InvalidExpression } from './beyond-grammar.ts'

/** One token as gojq's lexer returns it; `text` is what an error message would name, `value` the decoded string or bare name. */
export interface Token {
  readonly kind: TokenKind
  readonly text: string
  readonly value: string
}

export type TokenKind =
  | 'end of text' | 'identifier' | 'module identifier' | 'variable' | 'module variable' | 'field' | 'number' | 'format' | 'keyword' | '..' | 'string'
  | 'string start' | 'string query' | 'string end' | 'operator' | 'update' | 'compare' | '//' | '?//' | 'character' | 'invalid' | 'invalid escape' | 'unterminated'

/** The tokens of one expression, read one by one: inside an interpolated string only the parser knows where the query ends. */
export interface Lexer {
  readonly next: () => Token
  readonly enterString: () => void
}

const KEYWORDS = new Set(['or', 'and', 'module', 'import', 'include', 'def', 'as', 'label', 'break', 'null', 'true', 'false', 'if', 'then',
  'elif', 'else', 'end', 'try', 'catch', 'reduce', 'foreach'])
const SPACES_AND_COMMENTS = /(?:[\t\n\r ]|#(?:\\(?:\\|\r?\n|\r)|[^\n\r])*)*/y
const IDENTIFIER = /[A-Za-z_][A-Za-z0-9_]*(?:::[A-Za-z_][A-Za-z0-9_]*)?/y
const FIELD = /\.[A-Za-z_][A-Za-z0-9_]*/y
const VARIABLE = /\$[A-Za-z_][A-Za-z0-9_]*(?:::[A-Za-z_][A-Za-z0-9_]*)?/y
const DOTS = /\.\./y
const FORMAT = /@[A-Za-z0-9_]+/y
const OPERATORS = /\|=|\?\/\/|\+=|-=|\*=|\/\/=|\/\/|\/=|%=|==|=|!=|>=|>|<=|</y
// lexer.go scanNumber: what follows a number at once, or a second dot, spoils it
const NUMBER = /(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?/y

/** Where the lexer stands. `lastText` is what an error names if the next token brings no text of its own. */
interface Cursor { readonly source: string; offset: number; inString: boolean; lastText: string }

/** Reads tokens as lexer.go does; every token keeps the text that gojq would name in `unexpected token`. */
export function tokenize(source: string): Lexer {
  if (source.includes('\0')) throw new BeyondGrammar('a NUL character')
  const cursor: Cursor = { source, offset: 0, inString: false, lastText: '' }
  return { next: () => nextToken(cursor), enterString: () => { cursor.inString = true } }
}

const match = (cursor: Cursor, pattern: RegExp): string | undefined => {
  pattern.lastIndex = cursor.offset
  const found = pattern.exec(cursor.source)?.[0]
  if (found) cursor.offset += found.length
  return found
}

const tokenOf = (cursor: Cursor, kind: TokenKind, text: string, value: string = text): Token => {
  cursor.lastText = text
  return { kind, text, value }
}

function nextToken(cursor: Cursor): Token {
  const { source } = cursor
  if (cursor.offset < source.length && cursor.inString) return textToken(cursor, cursor.offset)
  match(cursor, SPACES_AND_COMMENTS)
  if (cursor.offset === source.length) return tokenOf(cursor, 'end of text', '')
  const word = match(cursor, IDENTIFIER)
  if (word !== undefined) return tokenOf(cursor, word.includes('::') ? 'module identifier' : KEYWORDS.has(word) ? 'keyword' : 'identifier', word)
  const dotted = numberToken(cursor) ?? dottedToken(cursor)
  if (dotted) return dotted
  if (source[cursor.offset] === '"') return textToken(cursor, cursor.offset++)
  const variable = match(cursor, VARIABLE)
  if (variable !== undefined) return tokenOf(cursor, variable.includes('::') ? 'module variable' : 'variable', variable)
  const format = match(cursor, FORMAT)
  if (format !== undefined) return tokenOf(cursor, 'format', format)
  const operator = match(cursor, OPERATORS)
  if (operator !== undefined) return tokenOf(cursor, kindOfOperator(operator), operator)
  // lexer.go Error: a single character names itself and leaves the last token's text as it was
  const alone = String.fromCodePoint(source.codePointAt(cursor.offset) ?? 0)
  cursor.offset += alone.length
  return { kind: 'character', text: alone, value: alone }
}

function numberToken(cursor: Cursor): Token | undefined {
  const start = cursor.offset
  const digits = match(cursor, NUMBER)
  if (digits === undefined) return undefined
  const after = cursor.source[cursor.offset] ?? ''
  const spoilt = /[A-Za-z_]/.test(after) || (after === '.' && /^[^eE]*\.[^eE]*$/.test(digits))
  if (!spoilt) return tokenOf(cursor, 'number', digits)
  if (/[eE]/.test(after)) throw new BeyondGrammar('a malformed number')
  return tokenOf(cursor, 'invalid', cursor.source.slice(start, ++cursor.offset))
}

const dottedToken = (cursor: Cursor): Token | undefined => {
  const dots = match(cursor, DOTS)
  if (dots !== undefined) return tokenOf(cursor, '..', dots)
  const field = match(cursor, FIELD)
  return field === undefined ? undefined : tokenOf(cursor, 'field', field, field.slice(1))
}

const textToken = (cursor: Cursor, start: number): Token => {
  const read = readString(cursor.source, cursor.offset, start, cursor.inString)
  Object.assign(cursor, { offset: read.offset, inString: read.inString, lastText: read.text ?? cursor.lastText })
  return { kind: read.kind, text: cursor.lastText, value: read.value ?? '' }
}

const kindOfOperator = (operator: string): TokenKind => {
  if (operator === '//' || operator === '?//') return operator
  return /^(==|!=|>=?|<=?)$/.test(operator) ? 'compare' : 'update'
}

interface ReadString { readonly kind: TokenKind; readonly offset: number; readonly inString: boolean; readonly text?: string; readonly value?: string }

// lexer.go scanString
function readString(source: string, from: number, start: number, inString: boolean): ReadString {
  const piece = (end: number, offset: number, open: number): ReadString => {
    const raw = source.slice(start + open, end)
    return { kind: 'string', offset, inString, text: source.slice(start, end + open), value: decode(raw) }
  }
  for (let i = from; i < source.length; i++) {
    if (source[i] === '"') {
      if (!inString) return piece(i, i + 1, 1)
      if (i > from) return piece(i, i, 0)
      return { kind: 'string end', offset: i + 1, inString: false }
    }
    if (source[i] !== '\\') continue
    const escape = source[++i] ?? ''
    if (escape === 'u') {
      const digits = /^[0-9a-fA-F]{0,4}/.exec(source.slice(i + 1, i + 5))?.[0].length ?? 0
      if (digits < 4) return { kind: 'invalid escape', offset: i + 1 + digits, inString, text: source.slice(i - 1, i + 1 + digits) }
      i += 4
    } else if (escape === '(') {
      if (!inString) return { kind: 'string start', offset: from, inString: true }
      if (i === from + 1) return { kind: 'string query', offset: from + 2, inString: false }
      return piece(i - 1, i - 1, 0)
    } else if (escape !== '' && !'"/\\bfnrt'.includes(escape)) {
      // gojq cuts the text by bytes
      return { kind: 'invalid escape', offset: i + 1, inString, text: escape < '\x80' ? `\\${escape}` : '\\\ufffd' }
    }
  }
  return { kind: 'unterminated', offset: source.length, inString, text: '' }
}

const CONTROLS = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' } as const

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

const decode = (raw: string): string => {
  const decoded = !raw.includes('\\') ? raw : raw.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, hex: string | undefined, escape: string) =>
    hex === undefined ? (CONTROLS[escape as keyof typeof CONTROLS] ?? escape) : String.fromCharCode(Number.parseInt(hex, 16)))
  return decoded.replace(LONE_SURROGATE, '\ufffd')
}

/** ParseError.Error of lexer.go for the token at which the parse failed. */
export function unexpected(token: Token): InvalidExpression {
  if (token.kind === 'end of text') return new InvalidExpression('unexpected EOF')
  if (token.kind === 'invalid') return new InvalidExpression(`invalid token ${JSON.stringify(token.text)}`)
  if (token.kind === 'invalid escape') return new InvalidExpression(`invalid escape sequence "${token.text}" in string literal`)
  if (token.kind === 'unterminated') return new InvalidExpression('unterminated string literal')
  return new InvalidExpression(`unexpected token ${JSON.stringify(token.text)}`)
}
