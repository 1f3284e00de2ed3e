import { isMap } from '@rollsync/manifests'
import { asText } from './as-text.ts'
import { flat, type Generated, gitRows, type RepositoryContent } from './git-generator.ts'
import { readYaml } from './read-yaml.ts'
import { fillTemplate, type Parameters, replace, type TemplateKind } from './set-template.ts'

type Generator = Readonly<Record<string, unknown>>

const evaluated = ['list', 'git', 'matrix', 'merge'] as const

/** One generator of an ApplicationSet (applicationset/generators), on the files of the repository itself, with its selector; `outer` are the parameters of the first generator of a matrix for its second one. */
export function generate(generator: Generator, content: RepositoryContent, kind: TemplateKind, outer: Parameters = {}): Generated {
  const made = rowsOf(generator, content, kind, outer)
  if ('why' in made || generator['selector'] === undefined || generator['selector'] === null) return made
  const selects = selectorOf(generator['selector'])
  return typeof selects === 'string' ? { why: selects } : { rows: made.rows.filter((row) => selects(flat(row))) }
}

function rowsOf(generator: Generator, content: RepositoryContent, kind: TemplateKind, outer: Parameters): Generated {
  const name = evaluated.find((one) => isMap(generator[one]))
  if (name === undefined) {
    const other = Object.keys(generator).find((key) => !['template', 'values', 'selector'].includes(key)) ?? 'an empty'
    return { why: `the ${other} generator asks something outside of the repository and is not evaluated` }
  }
  const interpolated = interpolate(generator[name] as Generator, outer, kind)
  if ('why' in interpolated) return interpolated
  switch (name) {
    case 'list': return listRows(interpolated.value, kind)
    case 'git': return gitRows(interpolated.value, content, kind)
    case 'matrix': return matrixRows(interpolated.value, content, kind)
    case 'merge': return mergeRows(interpolated.value, content, kind)
    default: return name satisfies never
  }
}

/** utils.go RenderGeneratorParams: `values` that need what only their own generator knows are left for it. */
function interpolate(generator: Generator, outer: Parameters, kind: TemplateKind): { readonly value: Generator } | { readonly why: string } {
  if (Object.keys(outer).length === 0) return { value: generator }
  const { values, ...rest } = generator
  const filled = fillTemplate(rest, outer, kind)
  if (filled.why !== undefined) return { why: filled.why }
  const strict: TemplateKind = kind.kind === 'go' ? { kind: 'go', options: ['missingkey=error'] } : kind
  const kept = (text: unknown): unknown => {
    const known = replace(asText(text), outer, strict)
    return 'why' in known ? text : known.text
  }
  return { value: { ...(filled.value as Generator), ...(isMap(values) ? { values: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, kept(value)])) } : {}) } }
}

function listRows(list: Generator, kind: TemplateKind): Generated {
  const elements = Array.isArray(list['elements']) ? (list['elements'] as readonly unknown[]) : []
  const rows: Parameters[] = []
  for (const element of elements) {
    if (!isMap(element)) return { why: 'Argo CD refuses an element of a list generator that is no map' }
    if (kind.kind === 'go') rows.push(element)
    else {
      const row = { ...element, values: undefined, ...(isMap(element['values']) ? Object.fromEntries(Object.entries(element['values']).map(([key, value]) => [`values.${key}`, value])) : {}) }
      const given = Object.entries(row).filter(([, value]) => value !== undefined)
      // generators/list.go: without Go templates every value must be a text
      const odd = given.find(([, value]) => typeof value !== 'string')
      if (odd !== undefined) return { why: `Argo CD refuses ${odd[0]} of a list generator's element, which is no text; put it in quotes, or use Go templates` }
      rows.push(Object.fromEntries(given))
    }
  }
  const more = typeof list['elementsYaml'] === 'string' && list['elementsYaml'] !== '' ? readYaml(list['elementsYaml']) : { value: [] }
  if ('why' in more) return { why: `elementsYaml: ${more.why}` }
  const items: readonly unknown[] = Array.isArray(more.value) ? more.value : [more.value]
  return items.every(isMap) ? { rows: [...rows, ...items] } : { why: 'Argo CD refuses elementsYaml that is no list of maps' }
}

// generators/matrix.go: the second generator is evaluated for each row of the first one, and the first one wins
function matrixRows(matrix: Generator, content: RepositoryContent, kind: TemplateKind): Generated {
  const [first, second, ...others] = nestedIn(matrix)
  if (first === undefined || second === undefined || others.length > 0) return { why: 'Argo CD refuses a matrix generator of other than two generators' }
  const outer = generate(first, content, kind)
  if ('why' in outer) return outer
  const rows: Parameters[] = []
  for (const a of outer.rows) {
    const inner = generate(second, content, kind, a)
    if ('why' in inner) return inner
    for (const b of inner.rows) {
      const clash = kind.kind === 'go' ? undefined : Object.keys(b).find((key) => Object.hasOwn(a, key) && asText(a[key]) !== asText(b[key]))
      if (clash !== undefined) return { why: `Argo CD refuses a matrix whose two generators both give ${clash}: ${asText(a[clash])} and ${asText(b[clash])}` }
      rows.push(kind.kind === 'go' ? merged(b, a) : { ...a, ...b })
    }
  }
  return { rows }
}

// generators/merge.go: rows of later generators override those of the first with the same keys
function mergeRows(merge: Generator, content: RepositoryContent, kind: TemplateKind): Generated {
  const nested = nestedIn(merge)
  const keys = (Array.isArray(merge['mergeKeys']) ? (merge['mergeKeys'] as readonly unknown[]) : []).map(asText)
  if (nested.length < 2 || keys.length === 0) return { why: 'Argo CD refuses a merge generator of fewer than two generators or without mergeKeys' }
  const keyOf = (row: Parameters): string => JSON.stringify(keys.map((key) => row[key] ?? null))
  const sets: ReadonlyMap<string, Parameters>[] = []
  for (const generator of nested) {
    const made = generate(generator, content, kind)
    if ('why' in made) return made
    const set = new Map(made.rows.map((row) => [keyOf(row), row]))
    if (set.size < made.rows.length) return { why: `Argo CD refuses a merge generator in which two rows of one generator have the same ${keys.join(', ')}` }
    sets.push(set)
  }
  const [base, ...overrides] = sets
  return { rows: [...(base ?? [])].map(([key, row]) => overrides.reduce<Parameters>((into, set) => (kind.kind === 'go' ? merged(into, set.get(key) ?? {}) : { ...into, ...set.get(key) }), row)) }
}

/** mergo.Merge with WithOverride: maps by key, and in a map what is empty overrides too. */
function merged(into: Parameters, from: Parameters): Parameters {
  return { ...into, ...Object.fromEntries(Object.entries(from).map(([key, value]) => [key, isMap(value) && isMap(into[key]) ? merged(into[key], value) : value])) }
}

function nestedIn(outer: Generator): readonly Generator[] {
  return (Array.isArray(outer['generators']) ? (outer['generators'] as readonly unknown[]) : []).map((one) => (isMap(one) ? one : {}))
}

type Selects = (row: Readonly<Record<string, string>>) => boolean

/** utils/selector.go LabelSelectorAsSelector, on flattened parameters; a text is why it is refused. */
function selectorOf(selector: unknown): Selects | string {
  const { matchLabels, matchExpressions } = isMap(selector) ? selector : {}
  const tests: Selects[] = Object.entries(isMap(matchLabels) ? matchLabels : {}).map(([key, value]) => (row) => Object.hasOwn(row, key) && row[key] === value)
  for (const one of (Array.isArray(matchExpressions) ? (matchExpressions as readonly unknown[]) : []).filter(isMap)) {
    const key = asText(one['key'])
    const values = Array.isArray(one['values']) ? (one['values'] as readonly unknown[]).map(asText) : []
    const has: Selects = (row) => Object.hasOwn(row, key)
    const isIn: Selects = (row) => has(row) && values.includes(row[key] ?? '')
    const test = { In: isIn, NotIn: (row) => !isIn(row), Exists: has, DoesNotExist: (row) => !has(row) } satisfies Record<string, Selects>
    const operator = asText(one['operator'])
    if (!Object.hasOwn(test, operator)) return operator === '' ? 'Argo CD refuses a selector without operator' : `Argo CD refuses the selector's operator ${operator}`
    tests.push(test[operator as keyof typeof test])
  }
  return (row) => tests.every((test) => test(row))
}
