import { isMap, type Pointer, type SourceDocument, valueAt } from '@rollsync/manifests'
import type { FoundSite } from './found-site.ts'
import { isKustomization } from './sites/kustomize.ts'

/** Which sites have no effect, because another place is applied after them: kustomizations over what they include, later Helm values over earlier ones. */
export function overriddenSites(sites: readonly FoundSite[], documents: readonly SourceDocument[]): ReadonlyMap<FoundSite, FoundSite> {
  return new Map([...kustomizeOverrides(sites, documents), ...helmOverrides(sites, documents)])
}

function kustomizeOverrides(sites: readonly FoundSite[], documents: readonly SourceDocument[]): ReadonlyMap<FoundSite, FoundSite> {
  const graph = kustomizeGraph(documents)
  const overs = sites.flatMap((site) => appliedAt(site, graph).map((at) => ({ site, at })))
  const result = new Map<FoundSite, FoundSite>()
  for (const found of sites) {
    if (found.spot.in !== 'container' && found.spot.in !== 'kustomize') continue
    const { file } = found.site
    // What an Application sets comes after the kustomization of its folder, too; a kustomization's own entry only after what it includes.
    const over = overs.filter(({ site, at }) => site !== found && overridesName(site, found) && (graph.reaches(at, file) || (at === file && site.spot.in !== 'kustomize')))
    const tops = graph.leaves.filter((leaf) => leaf === file ? found.spot.in === 'kustomize' : graph.reaches(leaf, file))
    const covered = tops.length > 0 && tops.every((leaf) => over.some(({ at }) => at === leaf || graph.reaches(leaf, at)))
    const [first] = over
    if (covered && first !== undefined) result.set(found, first.site)
  }
  return result
}

/** Which kustomization leads to which files, and which are at the top. */
export interface KustomizeGraph {
  readonly files: readonly string[]
  readonly leaves: readonly string[]
  readonly reaches: (from: string, file: string) => boolean
  readonly applications: readonly { readonly file: string; readonly documentIndex: number; readonly folders: readonly string[] }[]
}

export function kustomizeGraph(documents: readonly SourceDocument[]): KustomizeGraph {
  const includes = new Map(documents.filter(isKustomization).map((document) => [document.file, includedBy(document, documents)] as const))
  const walk = (from: string, file: string, seen: ReadonlySet<string>): boolean =>
    !seen.has(from) && (includes.get(from) ?? []).some((one) => one === file || walk(one, file, new Set([...seen, from])))
  const reaches = (from: string, file: string): boolean => walk(from, file, new Set())
  const files = [...includes.keys()]
  const applications = documents.filter(({ value }) => isMap(value) && value['kind'] === 'Application').map((document) => ({ file: document.file, documentIndex: document.documentIndex, folders: sourceFolders(document) }))
  return { files, leaves: files.filter((one) => !files.some((other) => other !== one && reaches(other, one))), reaches, applications }
}

function sourceFolders({ value }: SourceDocument): readonly string[] {
  const several = valueAt(value, '/spec/sources')
  const sources = Array.isArray(several) ? several : [valueAt(value, '/spec/source')]
  return sources.map((source: unknown) => valueAt(source, '/path')).filter((path): path is string => typeof path === 'string').map((path) => joined('', path))
}

/** The kustomization after which a site's images are set: its own, or that of the folder that an Application or an override file is for. */
function appliedAt({ site, spot }: FoundSite, graph: KustomizeGraph): readonly string[] {
  if (spot.in === 'kustomize') return [site.file]
  if (!spot.key.includes(' kustomize ')) return []
  const folders = spot.in === 'image-updater' ? [folderOf(site.file)] : graph.applications.filter((one) => one.file === site.file && one.documentIndex === spot.document.documentIndex).flatMap((one) => one.folders)
  return graph.files.filter((file) => folders.includes(folderOf(file)))
}

function folderOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : ''
}

/** A kustomization's entry takes effect on a name that is written exactly so (kustomize compares texts), and hides what came before if it sets a tag or digest. */
function overridesName(over: FoundSite, found: FoundSite): boolean {
  const entry = over.spot.key.replace(/^.*?kustomize /, '')
  return entry === found.spot.image.name && (over.spot.image.tag !== undefined || over.spot.image.digest !== undefined)
}

/** The files that kustomizations include, a folder standing for the kustomization inside it. */
function includedBy(kustomization: SourceDocument, documents: readonly SourceDocument[]): readonly string[] {
  const folder = kustomization.file.slice(0, kustomization.file.lastIndexOf('/') + 1)
  const listed = ['resources', 'bases', 'components'].flatMap((field) => valueAt(kustomization.value, `/${field}`) ?? [])
  const patches = ['patches', 'patchesStrategicMerge'].flatMap((field) => {
    const value = valueAt(kustomization.value, `/${field}`)
    return Array.isArray(value) ? value.map((one: unknown) => (isMap(one) ? one['path'] : one)) : []
  })
  return [...listed, ...patches].filter((one): one is string => typeof one === 'string' && !one.includes('\n')).map((one) => joined(folder, one)).map((path) =>
    documents.find((document) => isKustomization(document) && document.file.slice(0, document.file.lastIndexOf('/')) === path)?.file ?? path)
}

/** A relative path put behind a folder, `.` and `..` resolved. */
export function joined(folder: string, path: string): string {
  const parts: string[] = []
  for (const part of (path.startsWith('/') ? path : folder + path).split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}

/** One Application's Helm source: which places set a value, the strongest last. */
interface HelmSource {
  readonly application: SourceDocument
  readonly source: Pointer
  readonly folder: string
  readonly files: readonly string[]
}

function helmOverrides(sites: readonly FoundSite[], documents: readonly SourceDocument[]): ReadonlyMap<FoundSite, FoundSite> {
  const sources = documents.flatMap(helmSources)
  const result = new Map<FoundSite, FoundSite>()
  for (const found of sites.filter((one) => one.spot.in === 'helm-values')) {
    const uses = sources.filter((source) => source.files.includes(found.site.file))
    const over = uses.map((source) => strongest(source, sites, found))
    const [first] = over
    if (over.length > 0 && over.every((one) => one !== undefined) && first !== undefined) result.set(found, first)
  }
  return result
}

function strongest(source: HelmSource, sites: readonly FoundSite[], found: FoundSite): FoundSite | undefined {
  const rank = (one: FoundSite): number => (one.spot.in === 'helm-values' ? source.files.lastIndexOf(one.site.file) : rankBeside(one, source))
  const place = valuePath(found)
  return sites.filter((one) => one !== found && valuePath(one) === place && rank(one) > rank(found)).toSorted((a, b) => rank(b) - rank(a))[0]
}

// Helm in Argo CD: valueFiles in order, then values or valuesObject, then parameters; an override file of the folder replaces what the Application says.
function rankBeside(one: FoundSite, { application, source, folder }: HelmSource): number {
  if (one.spot.in === 'image-updater') return folderOf(one.site.file) === folder ? 1e7 : -1
  if (one.spot.in !== 'application' || one.site.file !== application.file || !one.site.pointer.startsWith(`${source}/helm/`)) return -1
  return one.site.pointer.includes('/helm/parameters/') ? 1e6 : 1e5
}

/** The value's place in the chart, however it is set: `image.tag` and `image: {tag}` are the same. */
function valuePath(one: FoundSite): string {
  const parameter = / parameter (.+)$/.exec(one.spot.key)?.[1]
  const path = parameter ?? one.spot.pointer.replace(/^.*\/helm\/valuesObject/, '').slice(1).replaceAll('/', '.')
  return path.replace(/\.?(tag|digest|repository)$/, '')
}

function helmSources(document: SourceDocument): readonly HelmSource[] {
  const { value } = document
  if (!isMap(value) || value['kind'] !== 'Application') return []
  const several = valueAt(value, '/spec/sources')
  const pointers = Array.isArray(several) ? several.map((_, index) => `/spec/sources/${index}`) : ['/spec/source']
  return pointers.flatMap((source) => {
    const path = valueAt(value, `${source}/path`)
    const listed = valueAt(value, `${source}/helm/valueFiles`)
    const files = Array.isArray(listed) ? listed.filter((one): one is string => typeof one === 'string') : []
    const folder = typeof path === 'string' ? `${joined('', path)}/` : ''
    // `$ref/path` names a file of another source, from that repository's root.
    const resolved = files.map((file) => (file.startsWith('$') ? file.replace(/^\$[^/]*\//, '') : joined(folder, file)))
    return [{ application: document, source, folder: joined('', typeof path === 'string' ? path : ''), files: [`${folder}values.yaml`, ...resolved] }]
  })
}
