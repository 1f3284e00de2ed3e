import type { GojqVersion } from './engine.ts'
import type { Definition } from './grammar.ts'
import type { Environment, Run } from './program.ts'
import type { Progress } from './progress.ts'

/** What a name means where it is used. Values and closures take a place in the environment; functions and labels' names do not. */
export type Binding =
  | { readonly binds: 'variable' | 'closure'; readonly name: string; readonly depth: number }
  | FunctionBinding

/** A function; its body is compiled into `run` once the name is in sight. */
export interface FunctionBinding { readonly binds: 'function'; readonly name: string; readonly definition: Definition; readonly scope: Scope; run?: Run }

/** The names in sight, innermost first, and how deep the environment is there. */
export interface Scope { readonly binding?: Binding; readonly outer?: Scope; readonly depth: number }

/** What one compilation shares: the release, the builtins already compiled, and how far the run of the moment has come. */
export interface Compilation {
  readonly version: GojqVersion
  readonly builtins: Map<string, FunctionBinding>
  readonly progress: Progress
}

export const EMPTY_SCOPE: Scope = { depth: 0 }

/** The scope with one more value or closure in it. */
export const withPlace = (scope: Scope, binds: 'variable' | 'closure', name: string): Scope =>
  ({ binding: { binds, name, depth: scope.depth }, outer: scope, depth: scope.depth + 1 })

/** The scope with one more function in it; the function sees itself. */
export const withFunction = (outer: Scope, definition: Definition): Scope & { readonly binding: FunctionBinding } => {
  const scope: { binding?: FunctionBinding; readonly outer: Scope; readonly depth: number } = { outer, depth: outer.depth }
  const binding: FunctionBinding = { binds: 'function', name: `${definition.name}/${definition.parameters.length}`, definition, scope }
  return Object.assign(scope, { binding })
}

/** compiler.go lookupVariable and lookupFuncOrVariable: the innermost binding that the test accepts. */
export function findBinding(scope: Scope, accepts: (binding: Binding) => boolean): Binding | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) if (at.binding && accepts(at.binding)) return at.binding
  return undefined
}

/** The environment as it was `count` places ago. */
export function outward(environment: Environment | null, count: number): Environment | null {
  let at = environment
  for (let i = 0; i < count; i++) at = at?.outer ?? null
  return at
}
