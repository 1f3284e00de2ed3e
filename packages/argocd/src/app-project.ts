import { isMap } from '@rollsync/manifests'
import { globMatches } from './glob.ts'

/** What of an AppProject decides what its Applications may do. Wrong types read as absent: the API server would have refused them. */
export interface AppProject {
  readonly name: string
  readonly sourceRepos: readonly string[]
  /** Of Applications that lie outside of Argo CD's own namespace. */
  readonly sourceNamespaces: readonly string[]
  readonly destinations: readonly ProjectDestination[]
  readonly clusterResourceWhitelist: readonly ResourceRestriction[]
  readonly clusterResourceBlacklist: readonly ResourceRestriction[]
  /** Absent: every namespaced kind; an empty list: none. */
  readonly namespaceResourceWhitelist: readonly ResourceRestriction[] | undefined
  readonly namespaceResourceBlacklist: readonly ResourceRestriction[]
  readonly syncWindows: readonly SyncWindow[]
  readonly permitOnlyProjectScopedClusters: 'yes' | 'no'
}

export interface ProjectDestination {
  readonly server: string
  readonly name: string
  readonly namespace: string
}

export interface ResourceRestriction {
  readonly group: string
  readonly kind: string
  readonly name: string
}

export interface SyncWindow {
  readonly kind: string
  readonly schedule: string
  readonly duration: string
  readonly timeZone: string
  readonly applications: readonly string[]
  readonly namespaces: readonly string[]
  readonly clusters: readonly string[]
  readonly manualSync: 'yes' | 'no'
  readonly andOperator: 'yes' | 'no'
}

/** Reads an AppProject object. */
export function readAppProject(object: Readonly<Record<string, unknown>>): AppProject {
  const spec = isMap(object['spec']) ? object['spec'] : {}
  const metadata = isMap(object['metadata']) ? object['metadata'] : {}
  return {
    name: text(metadata['name']),
    sourceRepos: texts(spec['sourceRepos']),
    sourceNamespaces: texts(spec['sourceNamespaces']),
    destinations: maps(spec['destinations']).map((one) => ({ server: text(one['server']), name: text(one['name']), namespace: text(one['namespace']) })),
    clusterResourceWhitelist: restrictions(spec['clusterResourceWhitelist']),
    clusterResourceBlacklist: restrictions(spec['clusterResourceBlacklist']),
    namespaceResourceWhitelist: Array.isArray(spec['namespaceResourceWhitelist']) ? restrictions(spec['namespaceResourceWhitelist']) : undefined,
    namespaceResourceBlacklist: restrictions(spec['namespaceResourceBlacklist']),
    syncWindows: maps(spec['syncWindows']).map(readWindow),
    permitOnlyProjectScopedClusters: spec['permitOnlyProjectScopedClusters'] === true ? 'yes' : 'no',
  }
}

function readWindow(window: Readonly<Record<string, unknown>>): SyncWindow {
  return {
    kind: text(window['kind']), schedule: text(window['schedule']), duration: text(window['duration']), timeZone: text(window['timeZone']),
    applications: texts(window['applications']), namespaces: texts(window['namespaces']), clusters: texts(window['clusters']),
    manualSync: window['manualSync'] === true ? 'yes' : 'no', andOperator: window['andOperator'] === true ? 'yes' : 'no',
  }
}

/** app_project_types.go IsSourcePermitted. */
export function isSourcePermitted({ sourceRepos }: Pick<AppProject, 'sourceRepos'>, repoURL: string): boolean {
  const repo = normalizeGitUrl(repoURL)
  let permitted = false
  for (const pattern of sourceRepos) {
    const denies = pattern.startsWith('!')
    const normalized = denies ? `!${normalizeGitUrl(pattern.slice(1))}` : normalizeGitUrl(pattern)
    if (matches(normalized, repo, '/')) permitted = true
    else if (denies) return false
  }
  return permitted
}

/**
 * app_project_types.go IsAppNamespacePermitted, for an Application outside of Argo CD's own namespace: globs, and between slashes regular expressions (of .NET's kind, by regexp2), which are
 * not anchored. Unknown where such an expression may mean another thing here.
 */
export function isAppNamespacePermitted({ sourceNamespaces }: Pick<AppProject, 'sourceNamespaces'>, namespace: string): 'yes' | 'no' | 'unknown' {
  const answers = sourceNamespaces.map((pattern) => (globMatches(pattern, namespace) ? 'yes' : /^\/.*\/$/s.test(pattern) ? expressionMatches(pattern.slice(1, -1), namespace) : 'no'))
  return answers.includes('yes') ? 'yes' : answers.includes('unknown') ? 'unknown' : 'no'
}

/** What both dialects know, with one meaning for names of lower case letters, digits and dashes. */
const sameEverywhere = /^(?:[^\\(]|\\[dDwWsSbB.\-^$|()[\]{}*+?/]|\((?!\?)|\(\?(?:[:=!]|<[=!]))*$/

function expressionMatches(source: string, text: string): 'yes' | 'no' | 'unknown' {
  if (!sameEverywhere.test(source)) return 'unknown'
  try {
    return new RegExp(source).test(text) ? 'yes' : 'no'
  } catch {
    // Go's code takes one that does not compile for one that does not match; that both refuse the same ones is not known.
    return 'unknown'
  }
}

/** app_project_types.go isDestinationMatched, for a cluster of which both server and name are known. */
export function isDestinationPermitted({ destinations }: Pick<AppProject, 'destinations'>, { server, name, namespace }: ProjectDestination): boolean {
  let permitted = false
  for (const item of destinations) {
    const byName = name !== '' && matches(item.name, name)
    const byServer = server !== '' && matches(item.server, server)
    const byNamespace = matches(item.namespace, namespace)
    if ((byServer || byName) && byNamespace) permitted = true
    else if ((!byName && item.name.startsWith('!')) || (!byServer && item.server.startsWith('!') && byNamespace)) return false
    else if (!byNamespace && item.namespace.startsWith('!') && byServer) return false
  }
  return permitted
}

/** app_project_types.go IsGroupKindNamePermitted. */
export function isKindPermitted(project: Pick<AppProject, 'clusterResourceWhitelist' | 'clusterResourceBlacklist' | 'namespaceResourceWhitelist' | 'namespaceResourceBlacklist'>, resource: ResourceRestriction, scope: 'namespaced' | 'cluster'): boolean {
  if (scope === 'cluster') return project.clusterResourceWhitelist.some((item) => isNamed(item, resource)) && !project.clusterResourceBlacklist.some((item) => isNamed(item, resource))
  const listed = project.namespaceResourceWhitelist?.some((item) => isKind(item, resource)) ?? true
  return listed && !project.namespaceResourceBlacklist.some((item) => isKind(item, resource))
}

/** types.go SyncWindows.Matches: the windows that concern an Application, by index. */
export function windowsOf({ syncWindows }: Pick<AppProject, 'syncWindows'>, application: { readonly name: string; readonly destination: ProjectDestination }): readonly number[] {
  return syncWindows.flatMap((window, index) => (concerns(window, application) ? [index] : []))
}

function concerns({ applications, clusters, namespaces, andOperator }: SyncWindow, { name, destination }: Parameters<typeof windowsOf>[1]): boolean {
  const byName = applications.some((pattern) => globbed(pattern, name))
  if (andOperator === 'no' && byName) return true
  if (andOperator === 'yes' && applications.length > 0 && !byName) return false
  const byCluster = clusters.some((pattern) => (destination.name !== '' && globbed(pattern, destination.name)) || (destination.server !== '' && globbed(pattern, destination.server)))
  if (andOperator === 'no' && byCluster) return true
  if (andOperator === 'yes' && clusters.length > 0 && !byCluster) return false
  // As in Go, `matched` of the last list that was set is what is left where namespaces are not.
  if (namespaces.length > 0) return namespaces.some((pattern) => globbed(pattern, destination.namespace))
  return clusters.length > 0 ? byCluster : byName
}

/** util/git NormalizeGitURL: lower case, without .git, `git@host:path` as `git@host/path`, a path as net/url prints it (`{a,b}` becomes `%7Ba,b%7D`, so that such a pattern matches nothing). */
export function normalizeGitUrl(url: string): string {
  let repo = url.trim().toLowerCase()
  if (/^(ssh:\/\/)?([^/:]*?)@[^@]+$/.test(repo) && !repo.startsWith('ssh://')) repo = `ssh://${repo.replace(':', '/')}`
  const [, authority = '', path = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)?([^?#]*)(.*)$/s.exec(repo.replace(/\.git$/, '')) ?? []
  const printed = printedPath(path)
  return printed === undefined ? '' : `${authority}${printed}${rest}`.replace(/^ssh:\/\//, '')
}

/** net/url EscapedPath: as it was written where that is a valid encoding, else encoded anew; undefined where it cannot be decoded. */
function printedPath(path: string): string | undefined {
  if (/%(?![0-9a-f]{2})/i.test(path)) return undefined
  if (/^[A-Za-z0-9\-_.~!$&'()*+,;=:@[\]/%]*$/.test(path)) return path
  try {
    return [...decodeURIComponent(path)].map((char) => (/[A-Za-z0-9\-_.~$&+,/:;=@]/.test(char) ? char : encodeURIComponent(char).replace(/[!'()*]/, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`))).join('')
  } catch {
    return path
  }
}

// globMatch with negation
function matches(pattern: string, value: string, separator?: '/'): boolean {
  return pattern.startsWith('!') ? !globMatches(pattern.slice(1), value, separator) : globbed(pattern, value, separator)
}

function globbed(pattern: string, value: string, separator?: '/'): boolean {
  return pattern === '*' || globMatches(pattern, value, separator)
}

function isKind(item: ResourceRestriction, { group, kind }: ResourceRestriction): boolean {
  return pathMatches(item.kind, kind) && pathMatches(item.group, group)
}

function isNamed(item: ResourceRestriction, resource: ResourceRestriction): boolean {
  return isKind(item, resource) && (item.name === '' || pathMatches(item.name, resource.name))
}

/** Go's filepath.Match: `*` and `?` stop at a slash, `[^a-z]` negates, a backslash escapes. What is malformed matches nothing. */
function pathMatches(pattern: string, value: string): boolean {
  let source = ''
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at] ?? ''
    if (char === '*') source += '[^/]*'
    else if (char === '?') source += '[^/]'
    else if (char === '\\') {
      if (at + 1 >= pattern.length) return false
      source += escaped(pattern[++at] ?? '')
    } else if (char === '[') {
      const set = /^\[(\^?)((?:\\.|[^\]\\])+)\]/.exec(pattern.slice(at))
      if (set === null) return false
      source += `[${set[1]}${(set[2] ?? '').replaceAll('^', '\\^').replaceAll('[', '\\[')}]`
      at += set[0].length - 1
    } else source += escaped(char)
  }
  try {
    return new RegExp(`^${source}$`, 's').test(value)
  } catch {
    return false
  }
}

function escaped(char: string): string {
  return char.replace(/[.*+?^${}()|[\]\\/-]/, '\\$&')
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

function maps(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isMap) : []
}

function restrictions(value: unknown): readonly ResourceRestriction[] {
  return maps(value).map((one) => ({ group: text(one['group']), kind: text(one['kind']), name: text(one['name']) }))
}
