import { isMap, type Manifest, type SourceDocument } from '@rollsync/manifests'
import { globMatcher } from '../glob.ts'
import type { Source } from './application.ts'
import { asText } from './as-text.ts'
import { type HelmContext, helmRequest, kustomizeRequest, type Rendered, type RenderedObject, renderedObjects, type RenderRequest } from './rendering.ts'

/** The objects that one source deploys, or a sentence that says why they are not known; `needs` is the run of a renderer that would tell. */
export interface SourceObjects {
  readonly objects: readonly RenderedObject[]
  readonly note?: string
  readonly needs?: RenderRequest
  /** The run of a renderer that they come of, made or not. */
  readonly request?: RenderRequest
}

/** What a source is read in: its Application, what was rendered so far, and what else lies in the repository. */
export interface SourceContext extends HelmContext {
  readonly rendered: ReadonlyMap<string, Rendered>
  /** Flags that argocd-cm gives kustomize. */
  readonly kustomizeFlags: readonly string[]
  /** Files that are no manifests. */
  readonly others: readonly { readonly file: string }[]
}

/** Follows one source of an Application into the repository: plain folders exactly as Argo CD's directory source reads them, a kustomization or a chart through its renderer; a kustomization that only lists files needs none. */
export function objectsOfSource(source: Source, manifests: readonly Manifest[], documents: readonly SourceDocument[], context: SourceContext): SourceObjects {
  if (source.chart !== undefined) return { objects: [], note: `chart ${source.chart} of a Helm repository is not rendered` }
  if (source.explicit === 'plugin') return { objects: [], note: `${source.path} is rendered by ${source.plugin === '' ? 'a config management plugin' : `the config management plugin ${source.plugin}`}, which is not run` }
  const inside = insideOf(manifests, source.path)
  const around = insideOf(documents, source.path)
  const kustomization = source.explicit === 'directory' ? undefined : around.find((document) => isKustomization(document, source.path))
  if (kustomization !== undefined) return ofKustomization(source, inside, kustomization, manifests, context)
  if (source.explicit !== 'directory' && around.some((document) => below(document.file, source.path) === 'Chart.yaml')) {
    return renderedWith(helmRequest(source, context), manifests, context, `${source.path} is a Helm chart and was not rendered`)
  }
  if (source.ref !== '' && inside.length === 0) return { objects: [] } // it only lends value files
  const jsonnet = insideOf(context.others, source.path).find(({ file }) => file.endsWith('.jsonnet') && isRead(source, below(file, source.path) ?? ''))
  const note = jsonnet === undefined ? {} : { note: `${jsonnet.file} is jsonnet, which is not evaluated` }
  // An app of apps deploys Applications, which are read by themselves.
  if (inside.length === 0 && around.some(({ value }) => isMap(value) && typeof value['kind'] === 'string' && value['kind'].startsWith('Application'))) return { objects: [], ...note }
  if (inside.length === 0) return { objects: [], ...(jsonnet === undefined ? { note: nothingBelow(source) } : note) }
  // reposerver/repository.go skipFileRenderingMarker
  return { ...asWritten(inside.filter(({ file, document }) => isRead(source, below(file, source.path) ?? '') && !document.text.includes('+argocd:skip-file-rendering'))), ...note }
}

function nothingBelow({ path, repoUrl }: Source): string {
  return `no manifest below its source path ${path}${repoUrl === '' ? '' : ` (repoURL ${repoUrl})`}; where that is this repository, give its root to look further`
}

function asWritten(manifests: readonly Manifest[]): SourceObjects {
  return { objects: manifests.map((manifest) => ({ value: manifest.value, manifest })) }
}

function renderedWith(request: RenderRequest, manifests: readonly Manifest[], context: SourceContext, note: string): SourceObjects {
  const answer = context.rendered.get(request.key)
  if (answer === undefined) return { objects: [], note, needs: request, request }
  return 'why' in answer ? { objects: [], note: `${note}: ${answer.why}`, request } : { objects: renderedObjects(request, answer.text, manifests), request }
}

const folders = new WeakMap<object, ReadonlyMap<string, readonly { readonly file: string }[]>>()

/** What of a list lies below a folder. Each list is sorted into its folders once. */
function insideOf<T extends { readonly file: string }>(list: readonly T[], folder: string): readonly T[] {
  if (folder === '.' || folder === '') return list
  const known = folders.get(list) ?? byFolder(list)
  folders.set(list, known)
  return (known.get(folder) ?? []) as readonly T[]
}

function byFolder<T extends { readonly file: string }>(list: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>()
  for (const one of list) {
    for (let end = one.file.indexOf('/'); end >= 0; end = one.file.indexOf('/', end + 1)) {
      const inside = found.get(one.file.slice(0, end))
      if (inside === undefined) found.set(one.file.slice(0, end), [one])
      else inside.push(one)
    }
  }
  return found
}

/** A file's path below a folder, or undefined where it is elsewhere. */
function below(file: string, folder: string): string | undefined {
  if (folder === '.' || folder === '') return file
  return file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : undefined
}

// reposerver/repository.go getPotentiallyValidManifests: exclude first, then include; globs see the path below the source
function isRead(source: Source, path: string): boolean {
  if (source.recurse === 'no' && path.includes('/')) return false
  if (source.exclude !== '' && globMatcher([source.exclude], { dot: true })(path)) return false
  return source.include === '' || globMatcher([source.include], { dot: true })(path)
}

const kustomizationNames = new Set(['kustomization.yaml', 'kustomization.yml', 'Kustomization'])

function isKustomization(document: SourceDocument, folder: string): boolean {
  return kustomizationNames.has(below(document.file, folder) ?? '')
}

const plainFields = new Set(['apiVersion', 'kind', 'metadata', 'resources'])

/** Fields that an overlay sets in the same way as `kustomize edit` in the kustomization itself, which is what Argo CD calls; prefixes and labels would be there twice. */
const overlaid = new Set(['images', 'replicas', 'namespace'])

function ofKustomization(source: Source, inside: readonly Manifest[], kustomization: SourceDocument, manifests: readonly Manifest[], context: SourceContext): SourceObjects {
  const value = isMap(kustomization.value) ? kustomization.value : {}
  const added = Object.keys(source.kustomize).filter((key) => !ofTheToolAlone.has(key))
  const transforms = [...Object.keys(value).filter((key) => !plainFields.has(key)), ...added.map((field) => `kustomize.${field} of the Application`)]
  const resources = Array.isArray(value['resources']) ? value['resources'].filter((item) => typeof item === 'string') : []
  const isFile = (resource: string): boolean => /\.(ya?ml|json)$/.test(resource) && !resource.includes('..') && !resource.includes(':')
  const beyond = added.filter((field) => !overlaid.has(field))
  if (beyond.length > 0) return { objects: [], note: `the kustomization in ${source.path} is changed by ${beyond.map((field) => `kustomize.${field}`).join(', ')} of the Application, which is not followed, and was not rendered` }
  if (transforms.length > 0 || !resources.every(isFile)) {
    const why = transforms.length > 0 ? `uses ${transforms.join(', ')}` : 'names other folders'
    return renderedWith(kustomizeRequest(source.path, overlayOf(source.kustomize), context.kustomizeFlags), manifests, context, `the kustomization in ${source.path} ${why} and was not rendered`)
  }
  const listed = new Set(resources.map((resource) => resource.replace(/^\.\//, '')))
  return asWritten(inside.filter((manifest) => listed.has(below(manifest.file, source.path) ?? '')))
}

/** They choose or tell the tool, and change no object. */
const ofTheToolAlone = new Set(['version', 'kubeVersion', 'apiVersions', 'forceCommonLabels', 'forceCommonAnnotations', 'ignoreMissingComponents'])

/** util/kustomize/kustomize.go: images are `name`, `old=new:tag` or `name@digest`, as `kustomize edit set image` takes them. */
function overlayOf(kustomize: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { images, replicas, namespace } = kustomize
  return {
    ...(Array.isArray(images) && images.length > 0 ? { images: images.map((image) => imageOf(asText(image))) } : {}),
    ...(Array.isArray(replicas) && replicas.length > 0 ? { replicas: (replicas as readonly unknown[]).filter(isMap).map(({ name, count }) => ({ name, count: Number(count) })) } : {}),
    ...(typeof namespace === 'string' && namespace !== '' ? { namespace } : {}),
  }
}

function imageOf(image: string): Readonly<Record<string, string>> {
  const [, name = '', to = ''] = /^(?:([^=]+)=)?(.*)$/.exec(image) ?? []
  const [, fresh = '', tag, digest] = /^(.*?)(?::([^:/@]+))?(?:@(.+))?$/.exec(to) ?? []
  return { name: name === '' ? fresh : name, ...(name === '' ? {} : { newName: fresh }), ...(digest !== undefined ? { digest } : tag === undefined ? {} : { newTag: tag }) }
}
