import type { Change, Pointer, ResourceRef, SourceDocument } from '@rollsync/manifests'
import type { ImageReference } from '../image-reference.ts'

/** The kinds of places in a repository that name an image. */
export type SiteKind = 'container' | 'kustomize' | 'helm-values' | 'application' | 'image-updater' | 'flux-marker'

/** What a place says of an image. A part that stands elsewhere, or nowhere, is missing. Texts are as written (`1.10` stays `1.10`). */
export interface NamedImage {
  readonly name?: string
  readonly tag?: string
  readonly digest?: string
}

/** Why a place cannot be edited although it names an image. */
export interface Refusal {
  readonly why: string
  readonly hint: string
}

/** One place that names an image, before it is known whether it is the one that is meant. */
export interface Spot {
  readonly in: SiteKind
  readonly document: SourceDocument
  /** Where the deciding scalar stands. */
  readonly pointer: Pointer
  /** The same place in another version of the file has the same key, though lines move. */
  readonly key: string
  /** For people: `Rollout web, container app`. */
  readonly what: string
  readonly resource?: ResourceRef
  readonly container?: string
  readonly image: NamedImage
  /** The changes that make it name `to`, or why that cannot be done in place. */
  readonly changesTo: (to: ImageReference) => readonly Change[] | Refusal
}

/** One kind of place: how its spots are found in a document. */
export interface SiteFinder {
  readonly in: SiteKind
  readonly find: (document: SourceDocument, others: readonly SourceDocument[]) => readonly Spot[]
}

/** Sets a scalar unless it says that already. */
export function setTo(document: SourceDocument, pointer: Pointer, text: string): readonly Change[] {
  return document.scalarAt(pointer)?.text === text ? [] : [{ do: 'set', pointer, value: text }]
}
