import { quoteChar } from './quote.ts'

/** What the scanner waits for next. The names are those of encoding/json's step functions, without "state". */
type Step =
  | 'BeginValue' | 'BeginValueOrEmpty' | 'BeginString' | 'BeginStringOrEmpty' | 'EndValue' | 'EndTop'
  | 'InString' | 'InStringEsc' | 'Neg' | '0' | '1' | 'Dot' | 'Dot0' | 'E' | 'ESign' | 'E0'
  | { readonly hexDigitsLeft: number }
  | { readonly literal: string; readonly read: number }

interface Scanner {
  step: Step
  readonly open: ('object key' | 'object value' | 'array')[]
  error: string | undefined
}

const maxNestingDepth = 10_000

/** The error that Go's encoding/json (1.26) gives for a text that is no JSON, or undefined where it is JSON (scanner.go). */
export function jsonSyntaxError(text: string): string | undefined {
  const scanner: Scanner = { step: 'BeginValue', open: [], error: undefined }
  for (const char of text) {
    advance(scanner, char)
    if (scanner.error !== undefined) return scanner.error
  }
  // scanner.go:151: at the end of the input one space is fed, so that a number at the top ends.
  if (scanner.step !== 'EndTop') advance(scanner, ' ')
  if (scanner.error !== undefined) return scanner.error
  return (scanner.step as Step) === 'EndTop' ? undefined : 'unexpected end of JSON input'
}

function fail(scanner: Scanner, char: string, context: string): void {
  scanner.error = `invalid character '${char === "'" ? "\\'" : quoteChar(firstByte(char))}' ${context}`
}

/** The scanner reads bytes: of a character beyond ASCII it names the first byte of its UTF-8 form. */
function firstByte(char: string): string {
  const code = char.codePointAt(0) ?? 0
  if (code < 0x80) return char
  return String.fromCharCode(code < 0x800 ? 0xc0 | (code >> 6) : code < 0x10000 ? 0xe0 | (code >> 12) : 0xf0 | (code >> 18))
}

const isSpace = (char: string): boolean => char === ' ' || char === '\t' || char === '\r' || char === '\n'
const isDigit = (char: string): boolean => char >= '0' && char <= '9'

function advance(scanner: Scanner, char: string): void {
  const step = scanner.step
  if (typeof step === 'object') return 'literal' in step ? inLiteral(scanner, char, step) : inUnicodeEscape(scanner, char, step.hexDigitsLeft)
  switch (step) {
    case 'BeginValueOrEmpty':
      if (char === ']') return endValue(scanner, char)
      return beginValue(scanner, char)
    case 'BeginValue': return beginValue(scanner, char)
    case 'BeginStringOrEmpty':
      if (char === '}') {
        scanner.open[scanner.open.length - 1] = 'object value'
        return endValue(scanner, char)
      }
      return beginString(scanner, char)
    case 'BeginString': return beginString(scanner, char)
    case 'EndValue': return endValue(scanner, char)
    case 'EndTop': return isSpace(char) ? undefined : fail(scanner, char, 'after top-level value')
    case 'InString':
      if (char === '"') scanner.step = 'EndValue'
      else if (char === '\\') scanner.step = 'InStringEsc'
      else if (char < ' ') fail(scanner, char, 'in string literal')
      return
    case 'InStringEsc':
      if (char === 'u') scanner.step = { hexDigitsLeft: 4 }
      else if (char.length === 1 && 'bfnrt\\/"'.includes(char)) scanner.step = 'InString'
      else fail(scanner, char, 'in string escape code')
      return
    default: return inNumber(scanner, char, step)
  }
}

function beginValue(scanner: Scanner, char: string): void {
  if (isSpace(char)) return
  if (char === '{' || char === '[') {
    scanner.step = char === '{' ? 'BeginStringOrEmpty' : 'BeginValueOrEmpty'
    scanner.open.push(char === '{' ? 'object key' : 'array')
    if (scanner.open.length > maxNestingDepth) fail(scanner, char, 'exceeded max depth')
  } else if (char === '"') scanner.step = 'InString'
  else if (char === '-') scanner.step = 'Neg'
  else if (char === '0') scanner.step = '0'
  else if (isDigit(char)) scanner.step = '1'
  else {
    const literal = ['true', 'false', 'null'].find((word) => word[0] === char)
    if (literal === undefined) fail(scanner, char, 'looking for beginning of value')
    else scanner.step = { literal, read: 1 }
  }
}

function beginString(scanner: Scanner, char: string): void {
  if (isSpace(char)) return
  if (char === '"') scanner.step = 'InString'
  else fail(scanner, char, 'looking for beginning of object key string')
}

function endValue(scanner: Scanner, char: string): void {
  const top = scanner.open.length - 1
  if (top < 0) {
    scanner.step = 'EndTop'
    return advance(scanner, char)
  }
  scanner.step = 'EndValue'
  if (isSpace(char)) return
  switch (scanner.open[top]) {
    case 'object key':
      if (char !== ':') return fail(scanner, char, 'after object key')
      scanner.open[top] = 'object value'
      scanner.step = 'BeginValue'
      return
    case 'object value':
      if (char === '}') return closeComposite(scanner)
      if (char !== ',') return fail(scanner, char, 'after object key:value pair')
      scanner.open[top] = 'object key'
      scanner.step = 'BeginString'
      return
    default:
      if (char === ']') return closeComposite(scanner)
      if (char !== ',') return fail(scanner, char, 'after array element')
      scanner.step = 'BeginValue'
  }
}

function closeComposite(scanner: Scanner): void {
  scanner.open.pop()
  scanner.step = scanner.open.length === 0 ? 'EndTop' : 'EndValue'
}

function inLiteral(scanner: Scanner, char: string, step: { readonly literal: string; readonly read: number }): void {
  const expected = step.literal[step.read] ?? ''
  if (char !== expected) return fail(scanner, char, `in literal ${step.literal} (expecting '${expected}')`)
  scanner.step = step.read + 1 === step.literal.length ? 'EndValue' : { literal: step.literal, read: step.read + 1 }
}

function inUnicodeEscape(scanner: Scanner, char: string, hexDigitsLeft: number): void {
  if (!/^[0-9a-fA-F]$/.test(char)) return fail(scanner, char, 'in \\u hexadecimal character escape')
  scanner.step = hexDigitsLeft === 1 ? 'InString' : { hexDigitsLeft: hexDigitsLeft - 1 }
}

function inNumber(scanner: Scanner, char: string, step: 'Neg' | '0' | '1' | 'Dot' | 'Dot0' | 'E' | 'ESign' | 'E0'): void {
  const digit = isDigit(char)
  switch (step) {
    case 'Neg':
      if (!digit) return fail(scanner, char, 'in numeric literal')
      scanner.step = char === '0' ? '0' : '1'
      return
    case 'Dot':
      if (!digit) return fail(scanner, char, 'after decimal point in numeric literal')
      scanner.step = 'Dot0'
      return
    case 'E':
    case 'ESign':
      if (step === 'E' && (char === '+' || char === '-')) scanner.step = 'ESign'
      else if (digit) scanner.step = 'E0'
      else fail(scanner, char, 'in exponent of numeric literal')
      return
    case '0':
    case '1':
      if (step === '1' && digit) return
      if (char === '.') scanner.step = 'Dot'
      else if (char === 'e' || char === 'E') scanner.step = 'E'
      else endValue(scanner, char)
      return
    case 'Dot0':
    case 'E0':
      if (digit) return
      if (step === 'Dot0' && (char === 'e' || char === 'E')) scanner.step = 'E'
      else endValue(scanner, char)
      return
    default: step satisfies never
  }
}
