/** The whole jq language as gojq parses it (query.go), desugared no further than its compiler would. */
export type Query =
  | { readonly is: 'pipe'; readonly left: Query; readonly right: Query }
  | { readonly is: 'comma'; readonly left: Query; readonly right: Query }
  | { readonly is: 'alternative'; readonly left: Query; readonly right: Query }
  | { readonly is: 'update'; readonly operator: string; readonly left: Query; readonly right: Query }
  | { readonly is: 'or'; readonly left: Query; readonly right: Query }
  | { readonly is: 'and'; readonly left: Query; readonly right: Query }
  | { readonly is: 'operation'; readonly operator: Operator; readonly left: Query; readonly right: Query }
  | { readonly is: 'bind'; readonly source: Query; readonly patterns: readonly Pattern[]; readonly body: Query }
  | { readonly is: 'define'; readonly definition: Definition; readonly body: Query }
  | { readonly is: 'label'; readonly name: string; readonly body: Query }
  | Term

export type Term =
  | { readonly is: 'identity' }
  | { readonly is: 'literal'; readonly value: null | boolean | number }
  | { readonly is: 'text'; readonly parts: readonly (string | Query)[]; readonly format?: string }
  | { readonly is: 'format'; readonly format: string }
  | { readonly is: 'index'; readonly of: Term; readonly key: Query }
  | { readonly is: 'slice'; readonly of: Term; readonly start?: Query; readonly end?: Query }
  | { readonly is: 'iterate'; readonly of: Term }
  | { readonly is: 'optional'; readonly of: Term }
  | { readonly is: 'call'; readonly name: string; readonly args: readonly Query[] }
  | { readonly is: 'object'; readonly entries: readonly ObjectEntry[] }
  | { readonly is: 'list'; readonly of?: Query }
  | { readonly is: 'signed'; readonly sign: '+' | '-'; readonly of: Term }
  | { readonly is: 'group'; readonly of: Query }
  | { readonly is: 'if'; readonly condition: Query; readonly then: Query; readonly otherwise?: Query }
  | { readonly is: 'try'; readonly body: Query; readonly handler?: Query }
  | { readonly is: 'reduce'; readonly source: Query; readonly pattern: Pattern; readonly start: Query; readonly update: Query }
  | { readonly is: 'foreach'; readonly source: Query; readonly pattern: Pattern; readonly start: Query; readonly update: Query; readonly extract?: Query }
  | { readonly is: 'break'; readonly name: string }

export type Operator = '+' | '-' | '*' | '/' | '%' | '==' | '!=' | '<' | '<=' | '>' | '>='

/** `{ name: value }`; a missing value is `{name}`, `{$name}` or `{"name"}`. */
export interface ObjectEntry { readonly key: string | Query; readonly variable?: string; readonly value?: Query }

export type Pattern =
  | { readonly pattern: 'variable'; readonly name: string }
  | { readonly pattern: 'list'; readonly items: readonly Pattern[] }
  | { readonly pattern: 'object'; readonly entries: readonly { readonly key: string | Query; readonly variable?: string; readonly of?: Pattern }[] }

/** A function definition; a parameter that begins with `$` is a value, else a closure. */
export interface Definition { readonly name: string; readonly parameters: readonly string[]; readonly body: Query }

/** The term under all suffixes. */
export function withoutSuffixes(query: Query): Query {
  let at = query
  while (at.is === 'index' || at.is === 'slice' || at.is === 'iterate' || at.is === 'optional') at = at.of
  return at
}
