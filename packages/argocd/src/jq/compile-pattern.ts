import { accessIndex } from './access.ts'
import { BeyondGrammar } from './beyond-grammar.ts'
import { expectedArray, invalidPath } from './gojq-errors.ts'
import type { Pattern } from './grammar.ts'
import { isIntact, leave, type Path, stepTo } from './path.ts'
import { eachValue, type Environment, type Program } from './program.ts'
import { type Compilation, type Scope, withPlace } from './scope.ts'
import { isList } from './values.ts'

type Bound = (environment: Environment | null, path: Path | null) => void
type Destructure = (value: unknown, path: Path | null, environment: Environment | null, then: Bound) => void

/** The scope with every variable of the pattern in it, in the order in which `destructure` places them. */
export function placesOf(pattern: Pattern, scope: Scope): Scope {
  switch (pattern.pattern) {
    case 'variable': return withPlace(scope, 'variable', pattern.name)
    case 'list': return pattern.items.reduce((inner, item) => placesOf(item, inner), scope)
    case 'object': return pattern.entries.reduce((inner, { variable, of }) => {
      const named = variable === undefined ? inner : withPlace(inner, 'variable', variable)
      return of ? placesOf(of, named) : named
    }, scope)
    default: return pattern satisfies never
  }
}

/** compiler.go compilePattern: takes a value apart and hands on the environment with the variables in it. */
export function destructure(pattern: Pattern, scope: Scope, compilation: Compilation): Destructure {
  switch (pattern.pattern) {
    case 'variable': return (value, path, environment, then) => then({ value, outer: environment }, path)
    case 'list': {
      const parts = pattern.items.map((item) => destructure(item, scope, compilation))
      return (value, path, environment, then) => {
        const at = (i: number, inner: Environment | null, from: Path | null): void => {
          const part = parts[i]
          if (!part) return then(inner, from)
          if (value !== null && !isList(value)) throw expectedArray(value)
          takeStep(value, i, i === 0 ? from : leave(from), compilation, (item, after) => part(item, after, inner, (next, last) => at(i + 1, next, last)))
        }
        at(0, environment, path)
      }
    }
    case 'object': return destructureObject(pattern, scope, compilation)
    default: return pattern satisfies never
  }
}

const takeStep = (value: unknown, step: unknown, path: Path | null, compilation: Compilation, then: (value: unknown, path: Path | null) => void): void => {
  const item = accessIndex(value, step, compilation.version)
  if (path !== null && !isIntact(value, path)) throw invalidPath(value)
  then(item, stepTo(path, step, item))
}

function destructureObject(pattern: Pattern & { pattern: 'object' }, scope: Scope, compilation: Compilation): Destructure {
  const parts = pattern.entries.map(({ key, variable, of }) => {
    if (typeof key !== 'string' && (key.is !== 'text' || key.parts.length !== 1 || typeof key.parts[0] !== 'string' || key.parts[0] === '')) {
      throw new BeyondGrammar('a pattern with a computed key')
    }
    return {
      key: typeof key === 'string' ? key : key.is === 'text' ? key.parts[0] : undefined,
      isVariable: variable !== undefined,
      of: of && destructure(of, scope, compilation),
    }
  })
  return (value, path, environment, then) => {
    const at = (i: number, inner: Environment | null, from: Path | null): void => {
      const part = parts[i]
      if (!part) return then(inner, from)
      takeStep(value, part.key, i === 0 ? from : leave(from), compilation, (item, after) => {
        const named = part.isVariable ? { value: item, outer: inner } : inner
        if (part.of) part.of(item, after, named, (next, last) => at(i + 1, next, last))
        else at(i + 1, named, after)
      })
    }
    at(0, environment, path)
  }
}

/** `source as pattern | body`; the body sees the input again, and the source's paths do not count. */
export function compilePatterns(patterns: readonly Pattern[], source: Program, scope: Scope, compilation: Compilation, bodyIn: (scope: Scope) => Program): Program {
  const [pattern, ...others] = patterns
  if (pattern === undefined || others.length > 0) throw new BeyondGrammar('the pattern alternative ?//')
  const bind = destructure(pattern, scope, compilation)
  const body = bodyIn(placesOf(pattern, scope))
  const run: Program['run'] = (value, path, environment, emit) =>
    eachValue(source, value, environment, (item) => bind(item, null, environment, (inner) => body.run(value, path, inner, emit)))
  return { run }
}
