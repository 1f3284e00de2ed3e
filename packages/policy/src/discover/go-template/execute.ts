import { isMap } from '@rollsync/manifests'
import { callFunction, isTrue } from './functions.ts'
import { type Command, type Node, type Operand, parseTemplate, type Pipe, TemplateFault } from './parse.ts'
import { goText } from './print.ts'

/** What a Go template with sprig's functions writes; or why it cannot be told. A fault of `missing` is a parameter that is not there, under missingkey=error, or one inside of a text. */
export type Executed = { readonly text: string } | { readonly why: string; readonly missing: 'yes' | 'no' }

class MissingKey extends Error {}

interface Scope {
  dot: unknown
  readonly variables: Map<string, unknown>[]
  readonly missingkey: 'error' | 'default'
  readonly written: string[]
}

const parsed = new Map<string, readonly Node[] | TemplateFault>()

/** As ApplicationSets execute their templates (applicationset/utils/utils.go Replace with goTemplate: true). `options` are its goTemplateOptions. */
export function executeTemplate(text: string, parameters: Readonly<Record<string, unknown>>, options: readonly string[]): Executed {
  if (!text.includes('{{')) return { text }
  const scope: Scope = { dot: parameters, variables: [new Map([['$', parameters]])], missingkey: options.includes('missingkey=error') ? 'error' : 'default', written: [] }
  try {
    run(nodesOf(text), scope)
    return { text: scope.written.join('') }
  } catch (error) {
    if (error instanceof TemplateFault || error instanceof MissingKey) return { why: error.message, missing: error instanceof MissingKey ? 'yes' : 'no' }
    throw error
  }
}

/** One template is filled for many rows. */
function nodesOf(text: string): readonly Node[] {
  const known = parsed.get(text) ?? read(text)
  parsed.set(text, known)
  if (known instanceof TemplateFault) throw known
  return known
}

function read(text: string): readonly Node[] | TemplateFault {
  try {
    return parseTemplate(text)
  } catch (error) {
    if (error instanceof TemplateFault) return error
    throw error
  }
}

function run(nodes: readonly Node[], scope: Scope): void {
  for (const node of nodes) {
    switch (node.is) {
      case 'text': scope.written.push(node.text); break
      case 'action': {
        const value = valueOfPipe(node.pipe, scope)
        if (node.pipe.declares.length === 0) scope.written.push(goText(value))
        break
      }
      case 'range': within(scope, () => runRange(node, scope)); break
      case 'if': case 'with': within(scope, () => runBranch(node, scope)); break
      default: node satisfies never
    }
  }
}

function within(scope: Scope, body: () => void): void {
  const { dot } = scope
  scope.variables.push(new Map())
  body()
  scope.variables.pop()
  scope.dot = dot
}

type Block = Extract<Node, { readonly then: readonly Node[] }>

function runBranch(node: Block, scope: Scope): void {
  const value = valueOfPipe(node.pipe, scope)
  if (isTrue(value) && node.is === 'with') scope.dot = value
  run(isTrue(value) ? node.then : node.otherwise, scope)
}

function runRange(node: Block, scope: Scope): void {
  const { declares, ...pipe } = node.pipe
  const value = valueOfPipe({ ...pipe, declares: [] }, scope)
  const entries: readonly (readonly [unknown, unknown])[] = Array.isArray(value) ? (value as unknown[]).map((item, index) => [BigInt(index), item]) : isMap(value) ? Object.keys(value).toSorted().map((key) => [key, value[key]]) : []
  if (!Array.isArray(value) && !isMap(value) && value !== undefined && value !== null) throw new TemplateFault(`range over ${goText(value)}`)
  if (entries.length === 0) run(node.otherwise, scope)
  for (const [key, item] of entries) {
    within(scope, () => {
      scope.dot = item
      const names = declares.length === 2 ? [[declares[0], key], [declares[1], item]] as const : declares.length === 1 ? [[declares[0], item]] as const : []
      for (const [name, bound] of names) scope.variables.at(-1)?.set(name ?? '', bound)
      run(node.then, scope)
    })
  }
}

function valueOfPipe({ declares, assigns, commands }: Pipe, scope: Scope): unknown {
  let value: unknown
  for (const [index, command] of commands.entries()) value = valueOfCommand(command, index === 0 ? [] : [value], scope)
  for (const name of declares) {
    const holder = assigns === 'yes' ? scope.variables.findLast((map) => map.has(name)) : scope.variables.at(-1)
    if (holder === undefined) throw new TemplateFault(`undefined variable ${name}`)
    holder.set(name, value)
  }
  return value
}

function valueOfCommand([first, ...rest]: Command, piped: readonly unknown[], scope: Scope): unknown {
  if (first?.is === 'function') return called(first.name, rest, piped, scope)
  if (rest.length + piped.length > 0) throw new TemplateFault('a value is given arguments as if it were a function')
  return first === undefined ? undefined : valueOf(first, scope)
}

function called(name: string, args: readonly Operand[], piped: readonly unknown[], scope: Scope): unknown {
  // exec.go: `and` and `or` stop at the argument that decides
  if (name === 'and' || name === 'or') {
    let value: unknown
    for (const arg of [...args.map((operand) => () => valueOf(operand, scope)), ...piped.map((one) => () => one)]) {
      value = arg()
      if (isTrue(value) === (name === 'or')) return value
    }
    return value
  }
  return callFunction(name, [...args.map((operand) => valueOf(operand, scope)), ...piped])
}

function valueOf(operand: Operand, scope: Scope): unknown {
  switch (operand.is) {
    case 'literal': return operand.value
    case 'dot': return scope.dot
    case 'function': return called(operand.name, [], [], scope)
    case 'pipe': return valueOfPipe(operand.pipe, scope)
    case 'variable': {
      const holder = scope.variables.findLast((map) => map.has(operand.name))
      if (holder === undefined) throw new TemplateFault(`undefined variable ${operand.name}`)
      return holder.get(operand.name)
    }
    case 'field': return fieldOf(valueOf(operand.of, scope), operand.name, scope)
    default: return operand satisfies never
  }
}

function fieldOf(value: unknown, name: string, scope: Scope): unknown {
  if (isMap(value)) {
    if (Object.hasOwn(value, name)) return value[name]
    if (scope.missingkey === 'error') throw new MissingKey(`map has no entry for key "${name}"`)
    return undefined
  }
  if (value === undefined || value === null) return undefined
  throw new MissingKey(`can't evaluate field ${name} in ${goText(value)}`)
}
