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
const FORMAT = /@[A-Za-z0-9_]+/y
const OPERATORS = /\|=|\?\/\/|\+=|-=|\*=|\/\/=|\/\/|\/=|%=|==|=|!=|>=|>|<=|</y
// lexer.go scanNumber: what follows a number at once, or a second dot, spoils it
const NUMBER = /(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?/y

/** Reads tokens as lexer.go does; every token keeps the text that gojq would name in `unexpected token`. */
export function tokenize(source: string): Lexer {
  if (source.includes('\0')) throw new BeyondGrammar('a NUL character')
  let offset = 0
  let inString = false
  let lastText = ''

  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = offset
    const found = pattern.exec(source)?.[0]
    if (found) offset += found.length
    return found
  }
  const token = (kind: TokenKind, text: string, value: string = text): Token => {
    lastText = text
    return { kind, text, value }
  }
  const number = (): Token | undefined => {
    const start = offset
    const digits = match(NUMBER)
    if (digits === undefined) return undefined
    const after = source[offset] ?? ''
    const spoilt = /[A-Za-z_]/.test(after) || (after === '.' && /^[^eE]*\.[^eE]*$/.test(digits))
    if (!spoilt) return token('number', digits)
    if (!/[eE]/.test(after)) return token('invalid', source.slice(start, ++offset))
    throw new BeyondGrammar('a malformed number')
  }
  const text = (start: number): Token => {
    const read = readString(source, offset, start, inString)
    offset = read.offset
    inString = read.inString
    if (read.text !== undefined) lastText = read.text
    return { kind: read.kind, text: lastText, value: read.value ?? '' }
  }
  const next = (): Token => {
    if (offset === source.length) return token('end of text', '')
    if (inString) return text(offset)
    match(SPACES_AND_COMMENTS)
    if (offset === source.length) return token('end of text', '')
    const character = source[offset] ?? ''
    const word = match(IDENTIFIER)
    if (word !== undefined) return token(word.includes('::') ? 'module identifier' : KEYWORDS.has(word) ? 'keyword' : 'identifier', word)
    const digits = number()
    if (digits) return digits
    if (source.startsWith('..', offset)) return token('..', source.slice(offset, (offset += 2)))
    const field = match(FIELD)
    if (field !== undefined) return token('field', field, field.slice(1))
    if (character === '$' && /[A-Za-z_]/.test(source[offset + 1] ?? '')) {
      offset++
      const name = match(IDENTIFIER) ?? ''
      return token(name.includes('::') ? 'module variable' : 'variable', `$${name}`)
    }
    const format = match(FORMAT)
    if (format !== undefined) return token('format', format)
    if (character === '"') return text(offset++)
    const operator = match(OPERATORS)
    if (operator !== undefined) return token(kindOfOperator(operator), operator)
    // lexer.go Error: a single character names itself and leaves the last token's text as it was
    const alone = String.fromCodePoint(source.codePointAt(offset) ?? 0)
    offset += alone.length
    return { kind: 'character', text: alone, value: alone }
  }
  return { next, enterString: () => { inString = true } }
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
      return { kind: 'invalid escape', offset: i + 1, inString, text: source.slice(i - 1, i + 1) }
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
