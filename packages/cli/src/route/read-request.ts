import type { AlbRequest } from '@rollsync/lbc'
import { CliError } from '../exit.ts'

/** The request of a command line, as its options say it. */
export interface RequestWish {
  readonly host: string
  readonly path: string
  readonly header?: readonly string[]
  readonly query?: readonly string[]
  readonly method?: string
}

/** `name: value` and `name=value`, several of one name as a list. Throws USAGE for what is neither. */
export function readRequest({ host, path, header = [], query = [], method }: RequestWish): AlbRequest {
  if (!path.startsWith('/')) throw new CliError('USAGE', `--path ${path}: a path begins with /`)
  return {
    host,
    path,
    ...(header.length === 0 ? {} : { headers: listed(header.map((text) => pairOf(text, ':', '--header', "'name: value'"))) }),
    ...(query.length === 0 ? {} : { query: listed(query.map((text) => pairOf(text, '=', '--query', 'name=value'))) }),
    ...(method === undefined ? {} : { method: method.toUpperCase() }),
  }
}

function pairOf(text: string, between: string, option: string, form: string): readonly [string, string] {
  const at = text.indexOf(between)
  if (at <= 0) throw new CliError('USAGE', `${option} ${text}: not of the form ${form}`)
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()]
}

function listed(pairs: readonly (readonly [string, string])[]): Readonly<Record<string, readonly string[]>> {
  const found = new Map<string, string[]>()
  for (const [name, value] of pairs) found.set(name, [...(found.get(name) ?? []), value])
  return Object.fromEntries(found)
}
