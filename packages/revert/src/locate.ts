import { isMap, type SourceDocument, valueAt } from '@rollsync/manifests'
import { findSites, type FoundSite, type Skipped } from './found-site.ts'
import { type ImageReference, readImage, sameImage, sameRepository } from './image-reference.ts'
import { kustomizeGraph, overriddenSites } from './overrides.ts'
import type { SourceText } from '@rollsync/manifests'

/** Which image is looked for: all of a repository, or only one image of it; all of the files, or only what belongs to one Rollout. */
export interface Query {
  readonly to: ImageReference
  readonly from?: ImageReference
  readonly rollout?: RolloutName
}

export interface RolloutName {
  readonly name: string
  readonly namespace?: string
}

/** What a query found: places that name the image to take out, places that name the target already, and places of the same repository that name something else. */
export interface Located {
  readonly bad: readonly FoundSite[]
  readonly good: readonly FoundSite[]
  readonly other: readonly FoundSite[]
  readonly skipped: readonly Skipped[]
}

/** Sorts the places of the files by what they say of an image; those that another place overrides are left out and said. */
export function locate(files: readonly SourceText[], query: Query): Located {
  const found = findSites(files)
  const named = found.sites.filter((one) => isMeant(one, query))
  const meant = named.filter((one) => belongs(one, query, found.documents))
  // An overlay of another namespace overrides the base all the same.
  const overridden = new Map([...overriddenSites(named, found.documents)].filter(([one]) => meant.includes(one)))
  const notes = [...overridden].map(([one, by]) => ({ file: one.site.file, why: `line ${one.site.line}: ${by.site.id} overrides it` }))
  const effective = meant.filter((one) => !overridden.has(one))
  return {
    bad: effective.filter((one) => standing(one, query) === 'bad'),
    good: effective.filter((one) => standing(one, query) === 'good'),
    other: effective.filter((one) => standing(one, query) === 'other'),
    skipped: [...found.skipped, ...notes],
  }
}

/** The images of the files that are called like the one that is looked for, in other registries or folders: likely one of them is meant. */
export function namesakes(files: readonly SourceText[], { path }: ImageReference): readonly string[] {
  const named = findSites(files).sites.flatMap(({ spot }) => readImage(spot.image.name ?? '') ?? [])
  return [...new Set(named.filter((one) => one.path.split('/').at(-1) === path.split('/').at(-1)).map((one) => `${one.domain}/${one.path}`))].sort()
}

function isMeant({ spot }: FoundSite, { to, from }: Query): boolean {
  const image = spot.image.name === undefined ? undefined : readImage(spot.image.name)
  if (image === undefined) return false
  return sameRepository(image, to) || (from !== undefined && sameRepository(image, from))
}

function standing({ spot }: FoundSite, { to, from }: Query): 'bad' | 'good' | 'other' {
  if (says(spot.image, to)) return 'good'
  if (from === undefined) return 'bad'
  // Who names the bad image by its tag means it with any digest behind the tag.
  const { digest: _, ...tagged } = spot.image
  return says(from.digest === undefined ? tagged : spot.image, from) ? 'bad' : 'other'
}

/** Whether a place names exactly this image. */
export function says(image: { readonly name?: string; readonly tag?: string; readonly digest?: string }, wanted: ImageReference): boolean {
  const read = image.name === undefined ? undefined : readImage(image.name)
  if (read === undefined) return false
  return sameImage({ ...read, ...(image.tag === undefined ? {} : { tag: image.tag }), ...(image.digest === undefined ? {} : { digest: image.digest }) }, wanted)
}

/**
 * Containers must be the Rollout's own, or of the workload it refers to; kustomizations must lead to it, where any does, and to its namespace, where they set one.
 * What is neither cannot be told apart and stays.
 */
function belongs(one: FoundSite, { rollout }: Query, documents: readonly SourceDocument[]): boolean {
  if (rollout === undefined) return true
  if (one.spot.in === 'kustomize') return leadsTo(one, rollout, documents)
  if (one.spot.in !== 'container') return true
  const { resource } = one.spot
  if (resource === undefined) return false
  if (resource.kind === 'Rollout') return resource.name === rollout.name && agrees(resource.namespace, rollout.namespace)
  return referredWorkloads(rollout, documents).some((ref) => ref.kind === resource.kind && ref.name === resource.name && agrees(resource.namespace, ref.namespace))
}

function leadsTo({ spot, site }: FoundSite, rollout: RolloutName, documents: readonly SourceDocument[]): boolean {
  const namespace = valueAt(spot.document.value, '/namespace')
  if (typeof namespace === 'string' && rollout.namespace !== undefined && rollout.namespace !== '' && namespace !== rollout.namespace) return false
  const graph = kustomizeGraph(documents)
  const homes = documents.filter(({ value }) => valueAt(value, '/kind') === 'Rollout' && valueAt(value, '/metadata/name') === rollout.name).map((document) => document.file)
  const led = homes.filter((file) => graph.files.some((from) => graph.reaches(from, file)))
  return led.length === 0 || led.some((file) => graph.reaches(site.file, file))
}

/** Manifests often leave the namespace to the Application: none given agrees with any. */
function agrees(a: string, b: string | undefined): boolean {
  return a === '' || b === undefined || b === '' || a === b
}

function referredWorkloads(rollout: RolloutName, documents: readonly SourceDocument[]): readonly { readonly kind: string; readonly name: string; readonly namespace: string }[] {
  return documents.flatMap(({ value }) => {
    const objects = isMap(value) && Array.isArray(value['items']) ? (value['items'] as readonly unknown[]) : [value]
    return objects.flatMap((object) => {
      if (valueAt(object, '/kind') !== 'Rollout' || valueAt(object, '/metadata/name') !== rollout.name) return []
      const kind = valueAt(object, '/spec/workloadRef/kind')
      const name = valueAt(object, '/spec/workloadRef/name')
      return typeof kind === 'string' && typeof name === 'string' ? [{ kind, name, namespace: String(valueAt(object, '/metadata/namespace') ?? rollout.namespace ?? '') }] : []
    })
  })
}
