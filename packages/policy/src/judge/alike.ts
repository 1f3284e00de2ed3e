import { isMap } from '@rollsync/manifests'

/** A value with its names replaced by made-up ones of the same length and order. Values with the same `key` differ in names alone. */
export interface Alike<T> {
  readonly key: string
  /** The value under made-up names, itself JSON. */
  readonly canonical: () => T | undefined
  /** What came of the canonical value, under the names of this one. Shared parts stay shared. */
  readonly renamed: <R>(answer: R) => R
}

/** Nothing else contains it: values that do are not replaced. */
const mark = 'zqx'
const letters = 'abcdefghijklmnopqrstuvwxyz'
const nameLike = /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/

/**
 * Names that mean something by themselves, to Kubernetes or to a controller, and stay as they are. A name that is part of a key of the objects stays as well.
 */
const meaningful = new Set(['alpha', 'application', 'argocd', 'argo-rollouts', 'canary', 'cluster', 'client', 'close', 'cookie', 'default', 'deployment', 'empty', 'exact', 'false', 'fixed-response', 'forward', 'header', 'host-header', 'http-header',
  'http-request-method', 'http2', 'https', 'implementation', 'ingress', 'instance', 'internal', 'internet-facing', 'istio', 'kube-public', 'kube-system', 'latest', 'nginx', 'path-pattern', 'prefix', 'query-string', 'redirect', 'regex', 'replace',
  'replicas', 'rollout', 'rollouts', 'server', 'service', 'source-ip', 'stable', 'stickiness', 'traefik', 'traffic', 'use-annotation', 'weight', 'dualstack', 'dualstack-without-public-ipv4', 'ssl-redirect', 'routing', 'active', 'preview', 'kubectl', 'argocd-controller'])

/** Builds the canonical form of a JSON value. `names` are those to replace; some may not be (too short, or with a meaning of their own): they stay part of the key. */
export function alike<T>(value: T, names: readonly string[]): Alike<T> {
  const text = JSON.stringify(value)
  const held = textsOf(value)
  const bases = text.includes(mark) ? [] : basesOf(names, held)
  const key = (name: string): string => `\u0000${bases.indexOf(name)}:${name.length}\u0000`
  const pattern = bases.length === 0 ? undefined : new RegExp(`(?<![a-z0-9])(?:${[...bases].sort((a, b) => b.length - a.length).join('|')})(?![a-z0-9])`, 'g')
  const replaced = (from: string, by: (name: string) => string): string => (pattern === undefined ? from : from.replace(pattern, by))
  const order = (by: (name: string) => string): string => [...held.all].map((one) => [replaced(one, by), replaced(one, key)] as const).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, template]) => template).join('\n')
  const own = order((name) => name)
  const madeUp = new Map(bases.map((name, index) => [name, `${name.slice(0, -mark.length - 1)}${mark}${letters[index] ?? ''}`]))
  return {
    key: `${replaced(text, key)}\n${own}`,
    canonical: () => {
      const stand = (name: string): string => madeUp.get(name) ?? name
      return order(stand) === own ? (JSON.parse(replaced(text, stand)) as T) : undefined
    },
    renamed: renamer(new Map([...madeUp].map(([name, made]) => [made, name]))),
  }
}

interface Texts {
  readonly all: ReadonlySet<string>
  readonly keys: ReadonlySet<string>
}

/** Every text of a value and every key; `keys` are those that the API gives meaning to, which leaves out labels, annotations and selectors. */
function textsOf(value: unknown, all: Set<string> = new Set(), keys: Set<string> = new Set()): Texts {
  if (typeof value === 'string') all.add(value)
  else if (Array.isArray(value)) for (const inner of value) textsOf(inner, all, keys)
  else if (isMap(value)) {
    for (const [name, inner] of Object.entries(value)) {
      all.add(name)
      if (/^[A-Za-z0-9]+$/.test(name)) keys.add(name)
      textsOf(inner, all, keys)
    }
  }
  return { all, keys }
}

/** The names that can be replaced, in their own order; one that another one contains comes with that one. */
function basesOf(names: readonly string[], { keys }: Texts): readonly string[] {
  const fit = [...new Set(names)].filter((name) => name.length > mark.length + 1 && nameLike.test(name) && !meaningful.has(name) && ![...keys].some((one) => one.includes(name)))
  const shortest = fit.sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
  const bases: string[] = []
  for (const name of shortest) if (!bases.some((base) => name.includes(base))) bases.push(name)
  return bases.slice(0, letters.length).sort()
}

function renamer(names: ReadonlyMap<string, string>): <R>(answer: R) => R {
  const pattern = names.size === 0 ? undefined : new RegExp([...names.keys()].join('|'), 'g')
  const texts = new Map<string, string>()
  const objects = new Map<object, object>()
  const textOf = (text: string): string => {
    if (!text.includes(mark)) return text
    const known = texts.get(text)
    if (known !== undefined || pattern === undefined) return known ?? text
    const made = text.replace(pattern, (found) => names.get(found) ?? found)
    texts.set(text, made)
    return made
  }
  const objectOf = (value: object): object => {
    const known = objects.get(value)
    if (known !== undefined) return known
    const made = Array.isArray(value) ? value.map(rename)
      : value instanceof Map ? new Map([...value].map(([key, inner]) => [rename(key), rename(inner)]))
        : Object.fromEntries(Object.entries(value).map(([key, inner]) => [textOf(key), rename(inner)]))
    objects.set(value, made)
    return made
  }
  const rename = (value: unknown): unknown => (typeof value === 'string' ? textOf(value) : typeof value === 'object' && value !== null ? objectOf(value) : value)
  return <R>(answer: R): R => rename(answer) as R
}
