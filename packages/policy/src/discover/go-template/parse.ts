import { tokensOf, type Token } from './tokens.ts'

/** What one `{{ … }}` of a Go template (text/template/parse) asks for. */
export type Operand =
  | { readonly is: 'literal'; readonly value: unknown }
  | { readonly is: 'dot' }
  | { readonly is: 'variable'; readonly name: string }
  | { readonly is: 'function'; readonly name: string }
  | { readonly is: 'pipe'; readonly pipe: Pipe }
  | { readonly is: 'field'; readonly of: Operand; readonly name: string }

/** A function or value with its arguments. */
export type Command = readonly Operand[]

export interface Pipe {
  readonly declares: readonly string[]
  readonly assigns: 'yes' | 'no'
  readonly commands: readonly Command[]
}

export type Node =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'action'; readonly pipe: Pipe }
  | { readonly is: 'if' | 'with' | 'range'; readonly pipe: Pipe; readonly then: readonly Node[]; readonly otherwise: readonly Node[] }

/** What is not understood in a template: a word for a message. */
export class TemplateFault extends Error {}

interface Cursor {
  readonly tokens: readonly Token[]
  next: number
}

/** Reads a template. Throws a TemplateFault. */
export function parseTemplate(text: string): readonly Node[] {
  const cursor = { tokens: tokensOf(text), next: 0 }
  const nodes = nodesOf(cursor)
  if (cursor.next < cursor.tokens.length) throw new TemplateFault('an {{end}} or {{else}} too many')
  return nodes
}

function nodesOf(cursor: Cursor): readonly Node[] {
  const nodes: Node[] = []
  for (let token = cursor.tokens[cursor.next]; token !== undefined; token = cursor.tokens[cursor.next]) {
    if (token.is === 'text') nodes.push({ is: 'text', text: token.text })
    else if (isWord(token, 'end') || isWord(token, 'else')) return nodes
    cursor.next += 1
    if (token.is === 'action') nodes.push(...actionOf(token.words, cursor))
  }
  return nodes
}

const isWord = (token: Token | undefined, word: string): boolean => token?.is === 'action' && token.words[0] === word

function actionOf(words: readonly string[], cursor: Cursor): readonly Node[] {
  const [first] = words
  if (first === undefined) return []
  if (first === 'if' || first === 'with' || first === 'range') return [blockOf(first, words.slice(1), cursor)]
  if (['define', 'template', 'block', 'break', 'continue'].includes(first)) throw new TemplateFault(`{{${first}}} is not evaluated`)
  return [{ is: 'action', pipe: pipeOf(words) }]
}

function blockOf(is: 'if' | 'with' | 'range', words: readonly string[], cursor: Cursor): Node {
  const pipe = pipeOf(words)
  const then = nodesOf(cursor)
  const token = cursor.tokens[cursor.next]
  cursor.next += 1
  if (isWord(token, 'end')) return { is, pipe, then, otherwise: [] }
  if (token?.is !== 'action') throw new TemplateFault(`{{${is}}} without {{end}}`)
  const [, chained, ...rest] = token.words
  // parse.go: {{else if}} is an {{if}} inside the {{else}} that needs no {{end}} of its own
  if (chained === 'if' || chained === 'with') return { is, pipe, then, otherwise: [blockOf(chained, rest, cursor)] }
  const otherwise = nodesOf(cursor)
  if (!isWord(cursor.tokens[cursor.next], 'end')) throw new TemplateFault(`{{${is}}} without {{end}}`)
  cursor.next += 1
  return { is, pipe, then, otherwise }
}

function pipeOf(words: readonly string[]): Pipe {
  const sign = words.findIndex((word) => word === ':=' || word === '=')
  const declares = sign < 0 ? [] : words.slice(0, sign).filter((word) => word !== ',')
  if (!declares.every((name) => name.startsWith('$'))) throw new TemplateFault(`${words.join(' ')} is not understood`)
  return { declares, assigns: words[sign] === '=' ? 'yes' : 'no', commands: commandsOf(words.slice(sign + 1)) }
}

function commandsOf(words: readonly string[]): readonly Command[] {
  const commands: Operand[][] = [[]]
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? ''
    if (word === '|') {
      commands.push([])
      continue
    }
    const end = word === '(' ? closing(words, i) : i
    let operand: Operand = word === '(' ? { is: 'pipe', pipe: pipeOf(words.slice(i + 1, end)) } : operandOf(word)
    i = end
    // `.a.b` right behind a value: the lexer marks it by a leading `→`
    for (let field = words[i + 1]; field?.startsWith('→.') === true; field = words[i + 1]) {
      operand = fieldsOf(operand, field.slice(1))
      i += 1
    }
    commands.at(-1)?.push(operand)
  }
  if (commands.some((command) => command.length === 0)) throw new TemplateFault('an empty command')
  return commands
}

function closing(words: readonly string[], open: number): number {
  let depth = 0
  for (let i = open; i < words.length; i += 1) {
    if (words[i] === '(') depth += 1
    if (words[i] === ')') depth -= 1
    if (depth === 0) return i
  }
  throw new TemplateFault('a ( without )')
}

function operandOf(word: string): Operand {
  if (word === '.') return { is: 'dot' }
  if (word.startsWith('.')) return fieldsOf({ is: 'dot' }, word)
  if (word.startsWith('$')) {
    const [name = '', ...fields] = word.split('.')
    return fields.reduce<Operand>((of, field) => ({ is: 'field', of, name: field }), { is: 'variable', name })
  }
  if (word.startsWith('"')) return { is: 'literal', value: unquoted(word) }
  if (word.startsWith('`')) return { is: 'literal', value: word.slice(1, -1) }
  if (/^[+-]?\d/.test(word)) return { is: 'literal', value: numberOf(word) }
  if (word === 'true' || word === 'false') return { is: 'literal', value: word === 'true' }
  if (word === 'nil') return { is: 'literal', value: undefined }
  if (/^[A-Za-z_]\w*$/.test(word)) return { is: 'function', name: word }
  throw new TemplateFault(`${word} is not understood`)
}

function fieldsOf(of: Operand, dotted: string): Operand {
  return dotted.slice(1).split('.').reduce<Operand>((inner, name) => ({ is: 'field', of: inner, name }), of)
}

function unquoted(word: string): string {
  try {
    return String(JSON.parse(word))
  } catch {
    throw new TemplateFault(`${word} is not understood`)
  }
}

/** A whole number is an int in Go, anything else a float64; only printing tells them apart. */
function numberOf(word: string): unknown {
  if (/^[+-]?\d+$/.test(word)) return BigInt(word.replace(/^\+/, ''))
  if (/^[+-]?\d*\.?\d+(e[+-]?\d+)?$/i.test(word)) return Number(word)
  throw new TemplateFault(`${word} is not understood`)
}
