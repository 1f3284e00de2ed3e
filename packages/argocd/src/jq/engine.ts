/** The gojq releases that the known Argo CD versions pin in go.mod. */
export type GojqVersion = '0.12.13' | '0.12.17' | '0.12.18' | '0.12.19'

/** Who worked an answer out: our own grammar, gojq as WebAssembly, or jq standing in for it (whose error texts are jq's, never gojq's). */
export type JqSource = 'grammar' | 'gojq' | 'jq'

/**
 * What Argo CD's ignore normaliser gets from one `del(<expression>)`.
 * `invalid` does not parse or compile and makes the whole Application Unknown; `error` is swallowed and the patch skipped. Both texts are gojq's and Argo CD's own unless `by` is `jq`.
 */
export type JqAnswer =
  | { readonly answer: 'object'; readonly object: unknown }
  | { readonly answer: 'invalid'; readonly error: string; readonly by?: JqSource }
  | { readonly answer: 'error'; readonly error: string; readonly by?: JqSource }
  | { readonly answer: 'unverified'; readonly reason: string; readonly construct: string }

/** Whether an expression parses and compiles, before any object is seen. */
export type JqCheck = { readonly check: 'valid' } | Extract<JqAnswer, { answer: 'invalid' | 'unverified' }>

/** One gojq release as Argo CD calls it: float64 numbers, the expression pasted textually into `del(...)`, one second, exactly one output. A promise means a foreign expression. */
export interface JqEngine {
  readonly check: (expression: string) => JqCheck | Promise<JqCheck>
  readonly del: (expression: string, object: unknown) => JqAnswer | Promise<JqAnswer>
  readonly close?: () => Promise<void>
}
