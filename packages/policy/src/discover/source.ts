import { isMap, type Manifest, type SourceDocument } from '@rollsync/manifests'
import picomatch from 'picomatch'
import type { Source } from './application.ts'
import { helmRequest, kustomizeRequest, type Rendered, type RenderedObject, renderedObjects, type RenderRequest } from './rendering.ts'

/** The objects that one source deploys, or a sentence that says why they are not known; `needs` is the run of a renderer that would tell. */
export interface SourceObjects {
  readonly objects: readonly RenderedObject[]
  readonly note?: string
  readonly needs?: RenderRequest
}

/** What a source is read in: its Application, what was rendered so far, and the folders that other sources name by `ref`. */
export interface SourceContext {
  readonly application: string
  readonly namespace: string
  readonly rendered: ReadonlyMap<string, Rendered>
  readonly refs: ReadonlyMap<string, string>
}

/** Follows one source of an Application into the repository: plain folders exactly as Argo CD's directory source reads them, a kustomization or a chart through its renderer; a kustomization that only lists files needs none. */
export function objectsOfSource(source: Source, manifests: readonly Manifest[], documents: readonly SourceDocument[], context: SourceContext): SourceObjects {
  if (source.chart !== undefined) return { objects: [], note: `chart ${source.chart} of a Helm repository is not rendered` }
  const inside = insideOf(manifests, source.path)
  const around = insideOf(documents, source.path)
  const kustomization = around.find((document) => isKustomization(document, source.path))
  if (kustomization !== undefined) return ofKustomization(source, inside, kustomization, manifests, context)
  if (around.some((document) => below(document.file, source.path) === 'Chart.yaml')) {
    return renderedWith(helmRequest(source, context.application, context.namespace, context.refs), manifests, context, `${source.path} is a Helm chart and was not rendered`)
  }
  if (source.ref !== '' && inside.length === 0) return { objects: [] } // it only lends value files
  // An app of apps deploys Applications, which are read by themselves.
  if (inside.length === 0 && around.some(({ value }) => isMap(value) && typeof value['kind'] === 'string' && value['kind'].startsWith('Application'))) return { objects: [] }
  if (inside.length === 0) return { objects: [], note: `no manifest below its source path ${source.path}; give the repository's root to look further` }
  return asWritten(inside.filter((manifest) => isRead(source, below(manifest.file, source.path) ?? '')))
}

function asWritten(manifests: readonly Manifest[]): SourceObjects {
  return { objects: manifests.map((manifest) => ({ value: manifest.value, manifest })) }
}

function renderedWith(request: RenderRequest, manifests: readonly Manifest[], context: SourceContext, note: string): SourceObjects {
  const answer = context.rendered.get(request.key)
  if (answer === undefined) return { objects: [], note, needs: request }
  return 'why' in answer ? { objects: [], note: `${note}: ${answer.why}` } : { objects: renderedObjects(request, answer.text, manifests) }
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
  if (source.exclude !== '' && picomatch.isMatch(path, source.exclude, { dot: true })) return false
  return source.include === '' || picomatch.isMatch(path, source.include, { dot: true })
}

const kustomizationNames = new Set(['kustomization.yaml', 'kustomization.yml', 'Kustomization'])

function isKustomization(document: SourceDocument, folder: string): boolean {
  return kustomizationNames.has(below(document.file, folder) ?? '')
}

const plainFields = new Set(['apiVersion', 'kind', 'metadata', 'resources'])

function ofKustomization(source: Source, inside: readonly Manifest[], kustomization: SourceDocument, manifests: readonly Manifest[], context: SourceContext): SourceObjects {
  const value = isMap(kustomization.value) ? kustomization.value : {}
  const transforms = [...Object.keys(value).filter((key) => !plainFields.has(key)), ...source.kustomize.map((field) => `kustomize.${field} of the Application`)]
  const resources = Array.isArray(value['resources']) ? value['resources'].filter((item) => typeof item === 'string') : []
  const isFile = (resource: string): boolean => /\.(ya?ml|json)$/.test(resource) && !resource.includes('..') && !resource.includes(':')
  if (source.kustomize.length > 0) return { objects: [], note: `the kustomization in ${source.path} uses ${transforms.join(', ')} and was not rendered` }
  if (transforms.length > 0 || !resources.every(isFile)) {
    const why = transforms.length > 0 ? `uses ${transforms.join(', ')}` : 'names other folders'
    return renderedWith(kustomizeRequest(source.path), manifests, context, `the kustomization in ${source.path} ${why} and was not rendered`)
  }
  const listed = new Set(resources.map((resource) => resource.replace(/^\.\//, '')))
  return asWritten(inside.filter((manifest) => listed.has(below(manifest.file, source.path) ?? '')))
}
