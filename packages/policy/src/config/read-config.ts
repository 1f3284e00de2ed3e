import { isMap, type Pointer, toPointer } from '@rollsync/manifests'
import type { z } from 'zod'
import { nearest } from '../nearest.ts'
import { type Config, configKeys, configSchema } from './config.ts'

/** What is wrong with a configuration, and at which value of it. */
export interface ConfigFault {
  readonly code: 'unknown-key' | 'wrong-value'
  readonly pointer: Pointer
  readonly message: string
  readonly hint?: string
}

export type ConfigAnswer = { readonly config: Config } | { readonly faults: readonly ConfigFault[] }

/** Reads the value of a configuration file; an empty file (null) says nothing. Every fault is told, not only the first. */
export function readConfig(value: unknown): ConfigAnswer {
  if (value === null || value === undefined) return { config: {} }
  const hidden = isMap(value) ? protoFaults(value) : []
  const parsed = configSchema.safeParse(value)
  if (parsed.success && hidden.length === 0) return { config: parsed.data }
  return { faults: [...hidden, ...(parsed.error?.issues ?? []).flatMap((issue) => faultsOf(issue, value))] }
}

/** zod leaves this key aside in records. */
function protoFaults(value: Readonly<Record<string, unknown>>): readonly ConfigFault[] {
  const { rules } = value
  return isMap(rules) && Object.hasOwn(rules, '__proto__') ? [{ code: 'unknown-key', pointer: '/rules/__proto__', message: 'there is no rule __proto__' }] : []
}

function faultsOf(issue: z.core.$ZodIssue, value: unknown): readonly ConfigFault[] {
  const path = issue.path.map(String)
  const pointer = toPointer(path)
  const name = path.length === 0 ? 'the configuration' : path.join('.')
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key))
  const found = valueAlong(value, path)
  return [{ code: 'wrong-value', pointer, message: `${name} must be ${expected(path)}, and is ${shown(found)}`, ...hintFor(path, found) }]
}

function unknownKey(key: string): ConfigFault {
  const near = nearest(key, configKeys)
  return { code: 'unknown-key', pointer: toPointer([key]), message: `there is no key ${key}`, hint: near === undefined ? `the keys are ${configKeys.join(', ')}` : `did you mean ${near}?` }
}

function expected([key, inner]: readonly string[]): string {
  switch (key) {
    case undefined:
      return `a map of ${configKeys.join(', ')}`
    case 'argocdVersion':
    case 'rolloutsVersion':
    case 'lbcVersion':
      return 'a version in quotes, such as "3.4" or "1.9.0"'
    case 'rules':
      return inner === undefined ? 'a map from rule ids to error, warning, info or off' : 'error, warning, info or off'
    case 'failOn':
      return 'error, warning or never'
    case 'ignore':
    case 'rulesFrom':
      return inner === undefined ? 'a list of texts' : 'a text that is not empty'
    default:
      return 'a text'
  }
}

function hintFor(path: readonly string[], found: unknown): { readonly hint?: string } {
  if (path[0] !== undefined && path[0].endsWith('Version') && typeof found === 'number') return { hint: 'quote it: YAML reads 3.10 as 3.1' }
  if (path.length === 2 && path[0] === 'rules' && typeof found === 'boolean') return { hint: `quote it: ${found ? 'on' : '"off"'} without quotes can be a truth value in YAML` }
  if (path.length === 1 && typeof found === 'string' && path[0] !== undefined && ['ignore', 'rulesFrom'].includes(path[0])) return { hint: `write ${path[0]}: ["${found}"]` }
  return {}
}

function valueAlong(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, token) => (typeof inner === 'object' && inner !== null && Object.hasOwn(inner, token) ? (inner as Record<string, unknown>)[token] : undefined), value)
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  if (typeof value === 'function') return 'a function'
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
