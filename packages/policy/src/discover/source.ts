import { isMap, type Manifest, type SourceDocument } from '@rollsync/manifests'
import picomatch from 'picomatch'
import type { Source } from './application.ts'

/** The objects that one source deploys, or a sentence that says why they are not known. */
export interface SourceObjects {
  readonly manifests: readonly Manifest[]
  readonly note?: string
}

/**
 * Follows one source of an Application into the repository: plain folders exactly as Argo CD's directory source reads them, a kustomization as far as it only lists
 * files; charts and anything that transforms are not read.
 */
export function objectsOfSource(source: Source, manifests: readonly Manifest[], documents: readonly SourceDocument[]): SourceObjects {
  if (source.chart !== undefined) return { manifests: [], note: `chart ${source.chart} of a Helm repository is not rendered` }
  const inside = manifests.filter((manifest) => below(manifest.file, source.path) !== undefined)
  const kustomization = documents.find((document) => isKustomization(document, source.path))
  if (kustomization !== undefined) return listedOnly(source, inside, kustomization)
  if (documents.some((document) => below(document.file, source.path) === 'Chart.yaml')) return { manifests: [], note: `${source.path} is a Helm chart and was not rendered` }
  if (inside.length === 0) return { manifests: [], note: `no manifest below its source path ${source.path}; give the repository's root to look further` }
  return { manifests: inside.filter((manifest) => isRead(source, below(manifest.file, source.path) ?? '')) }
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

function listedOnly(source: Source, inside: readonly Manifest[], kustomization: SourceDocument): SourceObjects {
  const value = isMap(kustomization.value) ? kustomization.value : {}
  const transforms = Object.keys(value).filter((key) => !plainFields.has(key))
  const resources = Array.isArray(value['resources']) ? value['resources'].filter((item) => typeof item === 'string') : []
  const isFile = (resource: string): boolean => /\.(ya?ml|json)$/.test(resource) && !resource.includes('..') && !resource.includes(':')
  if (transforms.length > 0 || !resources.every(isFile)) {
    const why = transforms.length > 0 ? `uses ${transforms.join(', ')}` : 'names other folders'
    return { manifests: [], note: `the kustomization in ${source.path} ${why} and was not rendered` }
  }
  const listed = new Set(resources.map((resource) => resource.replace(/^\.\//, '')))
  return { manifests: inside.filter((manifest) => listed.has(below(manifest.file, source.path) ?? '')) }
}
