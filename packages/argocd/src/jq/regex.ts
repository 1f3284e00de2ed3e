import { BeyondGrammar } from './beyond-grammar.ts'

// What Go's RE2 and JavaScript read alike: ASCII letters and digits, escaped punctuation, classes, anchors, groups and simple repeats.
const ATOM = /\\[dwDW]|\\[.\\+*?()|[\]{}^$/-]|\[\^?(?:\\[dw]|\\[.\\+*?()|[\]{}^$/-]|[A-Za-z0-9]-[A-Za-z0-9]|[A-Za-z0-9_ .:/@,;=%~"'<>!#$*+?(){}|&-])+\]|[A-Za-z0-9_ :/@,;=%~"'<>!#&-]|\./y
const REPEAT = /(?:[*+?]|\{[0-9]{1,3}(?:,(?:[0-9]{1,3})?)?\})\??/y
const PLAIN = /\((?:\?:|(?!\?))|[)^$|]/y
const UNBOUNDED_AT_MOST = 3

/** A regular expression that answers a test as RE2 would; BeyondGrammar for any other. Only whether it matches is the same, not where. */
export function compileRegex(pattern: string, flags: string): RegExp {
  try {
    if (!/^[gim]*$/.test(flags)) throw new SyntaxError('flags')
    const source = piecesOf(pattern).map((piece) => translate(piece, flags)).join('')
    return new RegExp(source, flags.includes('i') ? 'iu' : 'u')
  } catch (error) {
    if (error instanceof SyntaxError) throw new BeyondGrammar(`the regular expression ${JSON.stringify(pattern)}`)
    throw error
  }
}

interface Piece { readonly piece: 'atom' | 'repeat' | 'plain'; readonly text: string }

// A group is never repeated, and few atoms without bound: RE2 takes linear time, JavaScript might not.
function piecesOf(pattern: string): Piece[] {
  const pieces: Piece[] = []
  for (let offset = 0; offset < pattern.length; offset += pieces.at(-1)?.text.length ?? 0) {
    const found = pieceAt(pattern, offset, pieces.at(-1)?.piece === 'atom')
    if (!found) throw new SyntaxError('piece')
    pieces.push(found)
  }
  const repeats = pieces.filter(({ piece }) => piece === 'repeat')
  if (repeats.filter(({ text }) => /[*+]|,\}/.test(text)).length > UNBOUNDED_AT_MOST) throw new SyntaxError('repeats')
  return pieces
}

const pieceAt = (pattern: string, offset: number, canRepeat: boolean): Piece | undefined => {
  for (const [piece, rule] of [['atom', ATOM], ['repeat', REPEAT], ['plain', PLAIN]] as const) {
    rule.lastIndex = offset
    const text = rule.exec(pattern)?.[0]
    if (text !== undefined && (piece !== 'repeat' || canRepeat)) return { piece, text }
  }
  return undefined
}

const translate = ({ piece, text }: Piece, flags: string): string => {
  if (piece !== 'atom') return text
  if (flags.includes('i') && /[kKsSwW[]/.test(text)) throw new SyntaxError('case folding')
  // With the u flag JavaScript lets a hyphen be escaped in a class only.
  if (text === '.') return flags.includes('m') ? '[^]' : '[^\\n]'
  return text === '\\-' ? '-' : text
}
