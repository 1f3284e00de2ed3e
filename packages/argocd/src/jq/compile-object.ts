import { BeyondGrammar } from './beyond-grammar.ts'
import { compileCall } from './compile-call.ts'
import { compile, compileConstant } from './compile.ts'
import { keyNotText } from './gojq-errors.ts'
import type { ObjectEntry } from './grammar.ts'
import { leave, returnTo } from './path.ts'
import type { Program, Run } from './program.ts'
import type { Compilation, Scope } from './scope.ts'
import { fieldOf, isObject } from './values.ts'

/** `{ key: value }`: each key and value is evaluated on the input, in order. */
export function compileObject(entries: readonly ObjectEntry[], scope: Scope, compilation: Compilation): Program {
  if (entries.length === 0) return compileConstant({})
  const parts = entries.map((entry) => compileEntry(entry, scope, compilation))
  const build: Run = (value, path, environment, emit) => {
    const at = (i: number, from: Parameters<Run>[1], fields: readonly (readonly [unknown, unknown])[]): void => {
      const part = parts[i]
      if (part === undefined) return emit(objectOf(fields, compilation), leave(from))
      part.key.run(value, returnTo(path, from), environment, (key, afterKey) => {
        const known = part.value ?? { run: (_: unknown, p: Parameters<Run>[1], __: unknown, k: Parameters<Run>[3]) => k(lookUp(value, key), leave(p)) }
        known.run(value, returnTo(path, afterKey), environment, (of, afterValue) => at(i + 1, afterValue, [...fields, [key, of]]))
      })
    }
    at(0, path, [])
  }
  return { run: build }
}

const lookUp = (value: unknown, key: unknown): unknown => {
  if (value === null) return null
  if (!isObject(value) || typeof key !== 'string') throw new BeyondGrammar('a short object entry of something else')
  return fieldOf(value, key)
}

// execute.go opobject: the last field is checked first, and of two equal keys the later wins
function objectOf(fields: readonly (readonly [unknown, unknown])[], compilation: Compilation): unknown {
  const object = new Map<string, unknown>()
  for (const [key, value] of fields.toReversed()) {
    if (typeof key !== 'string') throw keyNotText(key)
    if (!object.has(key)) object.set(key, value)
    else if (compilation.version === '0.12.13') throw new BeyondGrammar('a repeated key')
  }
  return Object.fromEntries(object)
}

function compileEntry(entry: ObjectEntry, scope: Scope, compilation: Compilation): { key: Program; value?: Program } {
  const variable = entry.variable === undefined ? undefined : compileCall({ is: 'call', name: entry.variable, args: [] }, scope, compilation)
  if (variable && entry.value === undefined) return { key: compileConstant(entry.key), value: variable }
  const key = variable ?? (typeof entry.key === 'string' ? keepingPath(entry.key) : compile(entry.key, scope, compilation))
  if (entry.value !== undefined) return { key, value: compile(entry.value, scope, compilation) }
  // compiler.go compileObjectKeyVal: {name} indexes while paths are collected
  if (typeof entry.key === 'string') return { key, value: compile({ is: 'index', of: { is: 'identity' }, key: { is: 'text', parts: [entry.key] } }, scope, compilation) }
  if (entry.key.is === 'text' && entry.key.parts.length === 1 && typeof entry.key.parts[0] === 'string') {
    return { key, value: compile({ is: 'index', of: { is: 'identity' }, key: entry.key }, scope, compilation) }
  }
  throw new BeyondGrammar('a short object entry with a computed key')
}

const keepingPath = (key: string): Program => ({ run: (_, path, __, emit) => emit(key, path), single: () => key })
