import { isMap } from '@rollsync/manifests'
import picomatch from 'picomatch'

/** What one generated Application is made with: nested for Go templates, flat with dotted keys for fasttemplate. */
export type Parameters = Readonly<Record<string, unknown>>
export type TemplateKind = 'go' | 'fasttemplate'

/** The rows of a generator, or why it cannot be evaluated here. */
export type Generated = { readonly rows: readonly Parameters[] } | { readonly why: string }

/** One generator of an ApplicationSet (applicationset/generators), on the files of the repository itself. */
export function generate(generator: Readonly<Record<string, unknown>>, files: ReadonlyMap<string, unknown>, kind: TemplateKind): Generated {
  if (generator['selector'] !== undefined) return { why: 'a generator with a selector is not evaluated' }
  if (isMap(generator['list'])) return listRows(generator['list'], kind)
  if (isMap(generator['git'])) return gitRows(generator['git'], files, kind)
  if (isMap(generator['matrix'])) return matrixRows(generator['matrix'], files, kind)
  if (isMap(generator['merge'])) return mergeRows(generator['merge'], files, kind)
  const name = Object.keys(generator).find((key) => key !== 'template' && key !== 'values') ?? 'an empty one'
  return { why: `the ${name} generator asks something outside of the repository and is not evaluated` }
}

function listRows(list: Readonly<Record<string, unknown>>, kind: TemplateKind): Generated {
  if (list['elementsYaml'] !== undefined) return { why: 'elementsYaml of a list generator is not evaluated' }
  const elements: readonly unknown[] = Array.isArray(list['elements']) ? list['elements'] : []
  return { rows: elements.filter(isMap).map((element) => (kind === 'go' ? element : flat(element))) }
}

// generators/git.go: directories and files of the repository; a file's content becomes parameters, with its path beside
function gitRows(git: Readonly<Record<string, unknown>>, files: ReadonlyMap<string, unknown>, kind: TemplateKind): Generated {
  if (Array.isArray(git['files'])) {
    const patterns = pathsOf(git['files'])
    const found = [...files].filter(([file]) => chosen(file, patterns))
    return { rows: found.flatMap(([file, content]) => (Array.isArray(content) ? content : [content]).filter(isMap).map((one) => withPath(kind === 'go' ? one : flat(one), folderOf(file), kind, file))) }
  }
  if (!Array.isArray(git['directories'])) return { why: 'a git generator without files or directories' }
  const patterns = pathsOf(git['directories'])
  const folders = [...new Set([...files.keys()].flatMap(foldersAbove))].sort()
  return { rows: folders.filter((folder) => chosen(folder, patterns)).map((folder) => withPath({}, folder, kind)) }
}

interface Pattern {
  readonly path: string
  readonly exclude: boolean
}

function pathsOf(list: readonly unknown[]): readonly Pattern[] {
  return list.filter(isMap).map((one) => ({ path: String(one['path'] ?? ''), exclude: one['exclude'] === true }))
}

function chosen(path: string, patterns: readonly Pattern[]): boolean {
  const hits = (exclude: boolean): boolean => patterns.some((one) => one.exclude === exclude && picomatch.isMatch(path, one.path))
  return hits(false) && !hits(true)
}

function foldersAbove(file: string): readonly string[] {
  const parts = file.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

function folderOf(file: string): string {
  return file.split('/').slice(0, -1).join('/')
}

function withPath(values: Parameters, folder: string, kind: TemplateKind, file?: string): Parameters {
  const segments = folder.split('/')
  const basename = segments.at(-1) ?? ''
  const filename = file?.split('/').at(-1)
  const named = { basename, basenameNormalized: normalized(basename), ...(filename === undefined ? {} : { filename, filenameNormalized: normalized(filename) }) }
  if (kind === 'go') return { ...values, path: { path: folder, segments, ...named } }
  const dotted = Object.fromEntries(Object.entries(named).map(([key, value]) => [`path.${key}`, value]))
  return { ...values, path: folder, ...dotted, ...Object.fromEntries(segments.map((segment, index) => [`path[${index}]`, segment])) }
}

// utils/utils.go SanitizeName
function normalized(name: string): string {
  return name.toLowerCase().replaceAll(/[^-a-z0-9.]/g, '-').slice(0, 253).replace(/^[.-]+|[.-]+$/g, '')
}

function matrixRows(matrix: Readonly<Record<string, unknown>>, files: ReadonlyMap<string, unknown>, kind: TemplateKind): Generated {
  const both = inner(matrix, files, kind)
  if ('why' in both) return both
  const [first = [], second = []] = both.rows
  return { rows: first.flatMap((a) => second.map((b) => ({ ...a, ...b }))) }
}

// generators/merge.go: rows of later generators override those of the first with the same keys
function mergeRows(merge: Readonly<Record<string, unknown>>, files: ReadonlyMap<string, unknown>, kind: TemplateKind): Generated {
  const all = inner(merge, files, kind)
  if ('why' in all) return all
  const keys = (Array.isArray(merge['mergeKeys']) ? merge['mergeKeys'] : []).map(String)
  const keyOf = (row: Parameters): string => JSON.stringify(keys.map((key) => row[key]))
  const [base = [], ...others] = all.rows
  return { rows: base.map((row) => others.flat().filter((other) => keyOf(other) === keyOf(row)).reduce<Parameters>((merged, other) => ({ ...merged, ...other }), row)) }
}

function inner(outer: Readonly<Record<string, unknown>>, files: ReadonlyMap<string, unknown>, kind: TemplateKind): { readonly rows: readonly (readonly Parameters[])[] } | { readonly why: string } {
  const generators: readonly unknown[] = Array.isArray(outer['generators']) ? outer['generators'] : []
  const rows: (readonly Parameters[])[] = []
  for (const generator of generators) {
    if (JSON.stringify(generator).includes('{{')) return { why: 'a generator that takes parameters of another one is not evaluated' }
    const made = generate(isMap(generator) ? generator : {}, files, kind)
    if ('why' in made) return made
    rows.push(made.rows)
  }
  return { rows }
}

/** fasttemplate knows only texts, nested ones by dotted keys. */
function flat(map: Readonly<Record<string, unknown>>, prefix = ''): Parameters {
  return Object.fromEntries(Object.entries(map).flatMap(([key, value]) => {
    const name = `${prefix}${key}`
    return isMap(value) ? Object.entries(flat(value, `${name}.`)) : [[name, value]]
  }))
}
