import { BeyondGrammar } from './beyond-grammar.ts'

// What Go's RE2 and JavaScript read alike: ASCII letters and digits, escaped punctuation, classes, anchors, groups and simple repeats.
const ATOM = /\\[dwDW]|\\[.\\+*?()|[\]{}^$/-]|\[\^?(?:\\[dw]|\\[.\\+*?()|[\]{}^$/-]|[A-Za-z0-9]-[A-Za-z0-9]|[A-Za-z0-9_ .:/@,;=%~"'<>!#$*+?(){}|&-])+\]|[A-Za-z0-9_ :/@,;=%~"'<>!#&-]|\./y
const REPEAT = /(?:[*+?]|\{[0-9]{1,3}(?:,(?:[0-9]{1,3})?)?\})/y
const UNBOUNDED_AT_MOST = 3

/** A regular expression that answers a test as RE2 would; BeyondGrammar for any other. Only whether it matches is the same, not where. */
export function compileRegex(pattern: string, flags: string): RegExp {
  const unsure = (): BeyondGrammar => new BeyondGrammar(`the regular expression ${JSON.stringify(pattern)}`)
  if (/[^gim]/.test(flags)) throw unsure()
  let offset = 0
  let depth = 0
  let unbounded = 0
  let source = ''
  let canRepeat = false
  const match = (rule: RegExp): string | undefined => {
    rule.lastIndex = offset
    const found = rule.exec(pattern)?.[0]
    if (found) offset += found.length
    return found
  }
  while (offset < pattern.length) {
    const atom = match(ATOM)
    if (atom !== undefined) {
      if (flags.includes('i') && /[kKsSwW[]/.test(atom)) throw unsure()
      source += atom === '.' ? (flags.includes('m') ? '[^]' : '[^\\n]') : atom === '\\-' ? '-' : atom
      canRepeat = true
      continue
    }
    const repeat = canRepeat ? match(REPEAT) : undefined
    if (repeat !== undefined) {
      if (/[*+]|,\}/.test(repeat) && ++unbounded > UNBOUNDED_AT_MOST) throw unsure()
      const [low = 0, high = low] = (repeat.match(/[0-9]+/g) ?? []).map(Number)
      if (high < low) throw unsure()
      source += repeat
      if (pattern[offset] === '?') source += pattern[offset++] ?? ''
      canRepeat = false
      continue
    }
    const character = pattern[offset++] ?? ''
    if (character === '(' && pattern[offset] !== '?') depth++
    else if (character === ')' && depth > 0) depth--
    else if (character === '(' && pattern.startsWith('?:', offset)) { depth++; offset += 2; source += '(?:'; canRepeat = false; continue }
    else if (!'^$|'.includes(character)) throw unsure()
    source += character
    canRepeat = false
  }
  if (depth !== 0) throw unsure()
  try {
    return new RegExp(source, flags.includes('i') ? 'iu' : 'u')
  } catch {
    throw unsure()
  }
}
