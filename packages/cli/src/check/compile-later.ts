import { setFlagsFromString } from 'node:v8'

/**
 * How many bytes of bytecode a function runs before V8 compiles it for speed. V8's own measure (132 kB) is meant for programs that run on and on: of a check of 1,000 services from one template, a
 * third of the CPU time was that compiler, working on functions that had most of their work behind them; with twenty kinds of services, a fifth.
 */
const budget = 2_000_000

/** V8 complains on standard error of a flag that it does not know. Node 22 and later count calls in place of bytes, and have none by this name (`node --v8-options`). */
const lastWithBudget = 21

/** Lets V8 compile for speed only what stays busy. No answer depends on it. */
export function compileLater(node: string = process.versions.node): void {
  if (Number.parseInt(node, 10) <= lastWithBudget) setFlagsFromString(`--interrupt-budget=${budget}`)
}
