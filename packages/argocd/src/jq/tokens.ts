import { BeyondGrammar } from './beyond-grammar.ts'
import type { GojqVersion } from './engine.ts'
import { type Token, tokenize, unexpected } from './tokenize.ts'

/** The tokens with one read ahead, never more: the lexer must not run into a string's end before the parser knows it is in one. */
export interface Tokens {
  readonly version: GojqVersion
  readonly peek: () => Token
  readonly take: () => Token
  /** Whether the next token is of this kind, or this keyword or character. */
  readonly at: (what: string) => boolean
  readonly accept: (what: string) => boolean
  readonly expect: (what: string) => Token
  readonly enterString: () => void
  readonly deeper: () => void
  readonly shallower: () => void
  /** Notes that an operand begins here, and asks whether it was this token: 0.12.13 allows a statement only there. */
  readonly beginOperand: () => void
  readonly beganOperand: (token: Token) => boolean
}

const NESTED_AT_MOST = 500

/** Opens an expression for the parser. */
export function readTokens(source: string, version: GojqVersion): Tokens {
  const lexer = tokenize(source)
  let ahead: Token | undefined
  let depth = 0
  let began: Token | undefined
  const peek = (): Token => (ahead ??= lexer.next())
  const take = (): Token => {
    const token = peek()
    ahead = undefined
    return token
  }
  const at = (what: string): boolean => {
    const token = peek()
    return token.kind === what || ((token.kind === 'keyword' || token.kind === 'character') && token.text === what)
  }
  const expect = (what: string): Token => {
    if (!at(what)) throw unexpected(peek())
    return take()
  }
  const deeper = (): void => {
    if (++depth > NESTED_AT_MOST) throw new BeyondGrammar('deep nesting')
  }
  return {
    version, peek, take, at, expect, deeper,
    accept: (what) => at(what) && take() !== undefined,
    enterString: lexer.enterString,
    shallower: () => { depth-- },
    beginOperand: () => { began = peek() },
    beganOperand: (token) => token === began,
  }
}
