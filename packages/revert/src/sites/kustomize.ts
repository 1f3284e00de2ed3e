import { type Change, isMap, type Pointer, type SourceDocument, valueAt } from '@rollsync/manifests'
import type { ImageReference } from '../image-reference.ts'
import { readImage, sameRepository } from '../image-reference.ts'
import { type NamedImage, type SiteFinder, setTo, type Spot } from './site.ts'
import { textAt } from './text-at.ts'

/** `images:` of a kustomization: newName, newTag and digest as one unit. */
export const kustomize: SiteFinder = { in: 'kustomize', find }

/** Whether a document is a kustomization: by its file name, or by its kind. */
export function isKustomization(document: SourceDocument): boolean {
  const { value } = document
  if (!isMap(value)) return false
  if (value['kind'] === 'Kustomization' || value['kind'] === 'Component') return String(value['apiVersion'] ?? 'kustomize.config.k8s.io').startsWith('kustomize.config.k8s.io')
  return value['kind'] === undefined && /(^|\/)(kustomization\.ya?ml|Kustomization)$/.test(document.file)
}

function find(document: SourceDocument): readonly Spot[] {
  if (!isKustomization(document)) return []
  const images = valueAt(document.value, '/images')
  return Array.isArray(images) ? images.flatMap((item, index) => (isMap(item) ? spotAt(document, `/images/${index}`) : [])) : []
}

function spotAt(document: SourceDocument, entry: Pointer): readonly Spot[] {
  const name = textAt(document, `${entry}/name`)
  if (name === undefined) return []
  const newName = textAt(document, `${entry}/newName`)
  const tag = textAt(document, `${entry}/newTag`)
  const digest = textAt(document, `${entry}/digest`)
  if (newName === undefined && tag === undefined && digest === undefined) return []
  const field = digest !== undefined ? 'digest' : tag !== undefined ? 'newTag' : 'newName'
  const image: NamedImage = { name: newName ?? name, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) }
  return [{
    in: 'kustomize',
    document,
    pointer: `${entry}/${field}`,
    key: `kustomize ${name}`,
    what: `kustomization, image ${name}`,
    image,
    changesTo: (to) => changesTo(document, entry, { name, ...(newName === undefined ? {} : { newName }), ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) }, to),
  }]
}

interface Entry {
  readonly name: string
  readonly newName?: string
  readonly tag?: string
  readonly digest?: string
}

function changesTo(document: SourceDocument, at: Pointer, entry: Entry, to: ImageReference): readonly Change[] {
  const current = readImage(entry.newName ?? entry.name)
  const moved = current === undefined || !sameRepository(current, to)
  return [
    ...(moved ? setTo(document, `${at}/newName`, to.name) : []),
    ...unit(document, `${at}/newTag`, entry.tag, to.tag ?? (to.digest === undefined ? 'latest' : undefined)),
    ...unit(document, `${at}/digest`, entry.digest, to.digest),
  ]
}

/** One half of a tag and digest pair: set, added, or taken out where the target has none. */
function unit(document: SourceDocument, pointer: Pointer, old: string | undefined, to: string | undefined): readonly Change[] {
  if (to !== undefined) return setTo(document, pointer, to)
  return old === undefined ? [] : [{ do: 'remove', pointer }]
}
