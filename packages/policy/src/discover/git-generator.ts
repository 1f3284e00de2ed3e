import { isMap } from '@rollsync/manifests'
import { asText } from './as-text.ts'
import { goFloat } from './go-template/print.ts'
import { normalized } from './normalized.ts'
import { type Parameters, replace, type TemplateKind } from './set-template.ts'

/** What the git generators of an ApplicationSet see of the repository: file names from its root, and what stands in a file (its first document), undefined where it is no YAML or JSON. */
export interface RepositoryContent {
  readonly names: readonly string[]
  readonly contentOf: (file: string) => unknown
}

/** The rows of a generator, or why it cannot be evaluated here. */
export type Generated = { readonly rows: readonly Parameters[] } | { readonly why: string }

/** generators/git.go: a row for each folder, or for each map that a file holds. */
export function gitRows(git: Readonly<Record<string, unknown>>, content: RepositoryContent, kind: TemplateKind): Generated {
  const prefix = typeof git['pathParamPrefix'] === 'string' ? git['pathParamPrefix'] : ''
  const folders = patternsOf(git['directories'])
  const files = patternsOf(git['files'])
  if (folders.length + files.length === 0) return { why: 'a git generator without files or directories' }
  const found = folders.length > 0 ? chosen(foldersOf(content.names), folders, matchesFolder) : chosen(content.names.toSorted(), files, matchesFile)
  if (found.length === 0) return { why: `no ${folders.length > 0 ? 'folder' : 'file'} of this repository matches ${(folders.length > 0 ? folders : files).map((one) => one.path).join(', ')} (repoURL ${asText(git['repoURL'])})` }
  const rows = folders.length > 0 ? found.map((folder): Parameters => pathParameters(folder, kind, prefix)) : found.flatMap((file) => fileRows(file, content.contentOf(file), kind, prefix))
  return withValues(rows, git['values'], kind)
}

interface Pattern {
  readonly path: string
  readonly exclude: boolean
}

function patternsOf(list: unknown): readonly Pattern[] {
  return (Array.isArray(list) ? (list as readonly unknown[]) : []).filter(isMap).map((one) => ({ path: asText(one['path']), exclude: one['exclude'] === true }))
}

function chosen(paths: readonly string[], patterns: readonly Pattern[], matches: (pattern: string) => RegExp): readonly string[] {
  const compiled = patterns.map(({ path, exclude }) => ({ exclude, expression: compiledOr(nothing, () => matches(path)) }))
  const hits = (path: string, exclude: boolean): boolean => compiled.some((one) => one.exclude === exclude && one.expression.test(path))
  return paths.filter((path) => hits(path, false) && !hits(path, true))
}

const nothing = /(?!)/

// generators/git.go filterApps: an error of path.Match is logged, and that pattern chooses nothing. V8 tells of an expression that is too large when it is used.
function compiledOr(otherwise: RegExp, compile: () => RegExp): RegExp {
  try {
    const expression = compile()
    expression.test('')
    return expression
  } catch (error) {
    if (error instanceof SyntaxError) return otherwise
    throw error
  }
}

/** Go's path.Match: no asterisk matches a slash, however many stand together, and only `^` turns a class round. */
function matchesFolder(pattern: string): RegExp {
  return globOf(pattern.replaceAll('[!', '[\\!'), '[^/]')
}

// util/git/client.go LsFiles asks git for the pattern: an asterisk of a pathspec matches slashes too, and a pattern without any is a file or everything in a folder
function matchesFile(pattern: string): RegExp {
  return /[*?[]/.test(pattern) ? globOf(pattern, '[\\s\\S]') : new RegExp(`${globOf(pattern.replace(/\/$/, ''), '').source.slice(0, -1)}(/|$)`)
}

function globOf(pattern: string, any: string): RegExp {
  const source = pattern.replaceAll(/\\(.)|\*+|\?|\[(\^|!)?([^\]]+)\]|[.+^${}()|/\\]/g, (all: string, escaped: string | undefined, not: string | undefined, members: string | undefined) => {
    if (escaped !== undefined) return /\w/.test(escaped) ? escaped : `\\${escaped}`
    if (all.startsWith('*')) return `${any}*`
    if (all === '?') return any
    return members === undefined ? `\\${all}` : `[${not === undefined ? '' : '^'}${members.replaceAll('\\', '\\\\')}]`
  })
  return new RegExp(`^${source}$`)
}

/** reposerver/repository/repository.go GetGitDirectories: without those whose name begins with a dot. */
function foldersOf(files: readonly string[]): readonly string[] {
  const folders = new Set<string>()
  for (const file of files) for (let end = file.indexOf('/'); end >= 0; end = file.indexOf('/', end + 1)) folders.add(file.slice(0, end))
  return [...folders].filter((folder) => !/(^|\/)\./.test(folder)).sort()
}

function fileRows(file: string, content: unknown, kind: TemplateKind, prefix: string): readonly Parameters[] {
  const maps: readonly unknown[] = Array.isArray(content) ? content : [content ?? {}]
  return maps.filter(isMap).map((one) => ({ ...(kind.kind === 'go' ? one : flat(one)), ...pathParameters(file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '.', kind, prefix, file) }))
}

function pathParameters(folder: string, kind: TemplateKind, prefix: string, file?: string): Parameters {
  const segments = folder.split('/')
  const basename = segments.at(-1) ?? ''
  const filename = file?.split('/').at(-1)
  const named = { basename, basenameNormalized: normalized(basename), ...(filename === undefined ? {} : { filename, filenameNormalized: normalized(filename) }) }
  if (kind.kind === 'go') {
    const path = { path: folder, segments, ...named }
    return prefix === '' ? { path } : { [prefix]: { path } }
  }
  const name = prefix === '' ? 'path' : `${prefix}.path`
  const dotted = Object.entries(named).map(([key, value]) => [`${name}.${key}`, value])
  return Object.fromEntries([[name, folder], ...dotted, ...segments.map((segment, index) => [`${name}[${index}]`, segment])])
}

/** generators/value_interpolation.go: `values` may use what the generator itself found. */
function withValues(rows: readonly Parameters[], values: unknown, kind: TemplateKind): Generated {
  if (!isMap(values)) return { rows }
  const filled: Parameters[] = []
  for (const row of rows) {
    const made: [string, string][] = []
    for (const [key, value] of Object.entries(values)) {
      const text = replace(asText(value), row, kind)
      if ('why' in text) return { why: `values.${key} is not evaluated (${text.why})` }
      made.push([key, text.text])
    }
    filled.push(kind.kind === 'go' ? { ...row, values: Object.fromEntries(made) } : { ...row, ...Object.fromEntries(made.map(([key, value]) => [`values.${key}`, value])) })
  }
  return { rows: filled }
}

/** github.com/jeremywohl/flatten with dots, each value as fmt prints it: what fasttemplate and selectors see. */
export function flat(value: Readonly<Record<string, unknown>>, prefix = ''): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(value).flatMap(([key, inner]): readonly (readonly [string, string])[] => {
    const name = `${prefix}${key}`
    if (Array.isArray(inner)) return inner.length === 0 ? [[name, '[]']] : Object.entries(flat(Object.fromEntries(inner.entries()), `${name}.`))
    if (isMap(inner)) return Object.keys(inner).length === 0 ? [[name, 'map[]']] : Object.entries(flat(inner, `${name}.`))
    return [[name, typeof inner === 'number' ? goFloat(inner) : inner === null || inner === undefined ? '<nil>' : String(inner as string | boolean)]]
  }))
}
