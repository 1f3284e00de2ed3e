import { isMap } from '@rollsync/manifests'
import { knownWords } from './known-words.generated.ts'

/** A value with its names replaced by made-up ones of the same length and order. Values with the same `key` differ in names alone. */
export interface Alike<T> {
  readonly key: string
  /** The value under made-up names, and these; undefined where none keep the order of all texts. */
  readonly canonical: () => { readonly value: T; readonly names: readonly string[] } | undefined
  /** What came of the canonical value of this key under the given made-up names, under the names of this one. Shared parts stay shared. */
  readonly renamed: (from: readonly string[]) => <R>(answer: R) => R
}

/** What every made-up name contains, and nothing else: values that hold it are not replaced. */
const mark = 'qx'
/** Before the mark, so that a made-up name can stand where the real one does in the order. */
const leads = ['z', 'm', 'a', '9', '0', 't', 'e', 'r', 'i']
const markLength = 4
const letters = 'abcdefghijklmnopqrstuvwxyz'
const nameLike = /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/

/**
 * Names that mean something by themselves stay as they are: the words that the models of the controllers hold in their code, and these, which Kubernetes and the load balancer know. A name that is part of a field's name,
 * of a type or of the domain of an annotation stays as well.
 */
const meaningful = new Set(['active', 'allow', 'alpha', 'close', 'cookie', 'default', 'implementation', 'kube-node-lease', 'kube-public', 'kube-system', 'kubernetes', 'latest', 'legacy', 'prefix', 'preview', 'routing', 'confirm', 'stickiness'])

function isMeaningful(name: string): boolean {
  return meaningful.has(name) || knownWords.has(name)
}

/** Builds the canonical form of a JSON value. `names` are those to replace; some may not be (too short, or with a meaning of their own): they stay part of the key. */
export function alike<T>(value: T, names: readonly string[]): Alike<T> {
  const text = JSON.stringify(value)
  const held = textsOf(value)
  const bases = text.includes(mark) ? [] : basesOf(names, held)
  const key = (name: string): string => `\u0000${bases.indexOf(name)}:${name.length}\u0000`
  const replaced = (from: string, by: (name: string) => string): string => replaceNames(from, bases, by)
  const templates = [...held.compared].map((one) => [one, replaced(one, key)] as const)
  const order = (by?: (name: string) => string): string => (by === undefined ? templates : templates.map(([one, template]) => [replaced(one, by), template] as const)).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, template]) => template).join('\n')
  const own = order()
  const under = (lead: string): readonly string[] => bases.map((name, index) => `${name.slice(0, -markLength)}${lead}${mark}${letters[index] ?? ''}`)
  return {
    key: `${replaced(text, key)}\n${own}`,
    canonical: () => {
      const fits = leads.map(under).map((names) => ({ names, by: (name: string) => names[bases.indexOf(name)] ?? name })).find(({ by }) => order(by) === own)
      return fits === undefined ? undefined : { value: JSON.parse(replaced(text, fits.by)) as T, names: fits.names }
    },
    renamed: (from) => renamer(from, bases),
  }
}

/**
 * Replaces the names that stand alone in a text, with nothing of a word before or behind them. None of them is part of another one, so that no two begin in one place; of two that overlap the first is meant.
 * A regular expression would say the same, and be compiled for each Rollout.
 */
export function replaceNames(text: string, names: readonly string[], by: (name: string) => string): string {
  const next = names.map((name) => placeOfName(text, name, 0))
  let made = ''
  let done = 0
  for (;;) {
    let first = -1
    for (let index = 0; index < next.length; index += 1) if ((next[index] as number) >= 0 && (first < 0 || (next[index] as number) < (next[first] as number))) first = index
    if (first < 0) return done === 0 ? text : made + text.slice(done)
    const [name, place] = [names[first] as string, next[first] as number]
    made += text.slice(done, place) + by(name)
    done = place + name.length
    for (let index = 0; index < next.length; index += 1) if ((next[index] as number) >= 0 && (next[index] as number) < done) next[index] = placeOfName(text, names[index] as string, done)
  }
}

function placeOfName(text: string, name: string, from: number): number {
  for (let place = text.indexOf(name, from); place >= 0; place = text.indexOf(name, place + 1)) {
    if (!isOfWord(text.charCodeAt(place - 1)) && !isOfWord(text.charCodeAt(place + name.length))) return place
  }
  return -1
}

/** a-z and 0-9; NaN, beyond the ends of a text, is neither. */
function isOfWord(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57)
}

interface Texts {
  /** What may be compared with another text: values, and the keys of maps that people name. */
  readonly compared: Set<string>
  /** What controllers know by name: fields, types, the domains of annotations. */
  readonly fields: Set<string>
  /** Keys that were found to be names of fields, each looked at once. */
  readonly plain: Set<string>
}

const typed = new Set(['apiVersion', 'kind', 'group', 'pathType', 'ingressClassName', 'mode', 'provable'])
const fieldLike = /^[A-Za-z0-9]+$/

function textsOf(value: unknown, found: Texts = { compared: new Set(), fields: new Set(), plain: new Set() }): Texts {
  if (typeof value === 'string') found.compared.add(value)
  else if (Array.isArray(value)) for (const inner of value) textsOf(inner, found)
  else if (isMap(value)) {
    const keys = Object.keys(value)
    const fields = keys.every((key) => isFieldLike(key, found))
    for (const key of keys) {
      if (!fields) found.compared.add(key)
      found.fields.add(isFieldLike(key, found) ? key : key.slice(0, Math.max(0, key.indexOf('/'))))
      if (typed.has(key) && typeof value[key] === 'string') found.fields.add(value[key])
      textsOf(value[key], found)
    }
  }
  return found
}

function isFieldLike(key: string, { plain }: Texts): boolean {
  return plain.has(key) || (fieldLike.test(key) && plain.add(key) === plain)
}

/** The names that can be replaced, in their own order; one that another one contains comes with that one. */
function basesOf(names: readonly string[], { fields }: Texts): readonly string[] {
  const known = [...fields].join('\n')
  const fit = [...new Set(names)].filter((name) => name.length > markLength && nameLike.test(name) && !isMeaningful(name) && !known.includes(name))
  const shortest = fit.sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
  const bases: string[] = []
  for (const name of shortest) if (!bases.some((base) => name.includes(base))) bases.push(name)
  return bases.slice(0, letters.length).sort()
}

function renamer(from: readonly string[], to: readonly string[]): <R>(answer: R) => R {
  if (from.length === 0) return (answer) => answer
  const names = new Map(from.map((name, index) => [name, to[index] ?? name]))
  const pattern = new RegExp(from.join('|'), 'g')
  const texts = new Map<string, string>()
  const objects = new Map<object, object>()
  const textOf = (text: string): string => {
    if (!text.includes(mark)) return text
    const known = texts.get(text)
    if (known !== undefined) return known
    const made = text.replace(pattern, (found) => names.get(found) ?? found)
    texts.set(text, made)
    return made
  }
  const objectOf = (value: object): object => {
    if (!holdsMark(value)) return value
    const known = objects.get(value)
    if (known !== undefined) return known
    const made = Array.isArray(value) ? value.map(rename) : value instanceof Map ? new Map([...value].map(([key, inner]) => [rename(key), rename(inner)])) : mapOf(value)
    objects.set(value, made)
    return made
  }
  // Several times as fast as Object.fromEntries.
  const mapOf = (value: object): object => {
    const made: Record<string, unknown> = {}
    for (const key of Object.keys(value)) {
      const inner = rename((value as Record<string, unknown>)[key])
      if (key === '__proto__') Object.defineProperty(made, key, { value: inner, enumerable: true, configurable: true, writable: true })
      else made[textOf(key)] = inner
    }
    return made
  }
  const rename = (value: unknown): unknown => (typeof value === 'string' ? textOf(value) : typeof value === 'object' && value !== null ? objectOf(value) : value)
  return <R>(answer: R): R => rename(answer) as R
}

const marked = new WeakMap<object, boolean>()

/** Whether a made-up name stands anywhere in a value; what holds none is the same under all names. Asked once of each part of an answer, however many Rollouts it is given to. */
function holdsMark(value: unknown): boolean {
  if (typeof value === 'string') return value.includes(mark)
  if (typeof value !== 'object' || value === null) return false
  const known = marked.get(value)
  if (known !== undefined) return known
  const inner = value instanceof Map ? [...value].flat() : Array.isArray(value) ? value : [...Object.keys(value), ...Object.values(value)]
  const holds = inner.some(holdsMark)
  marked.set(value, holds)
  return holds
}
