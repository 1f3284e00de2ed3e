import { type Pointer, type SourceDocument, toPointer } from '@rollsync/manifests'
import { formatImage, readImage } from '../image-reference.ts'
import { type SiteFinder, setTo, type Spot } from './site.ts'
import { isPlaceholder, textAt } from './text-at.ts'

/** Any scalar that carries Flux's marker `# {"$imagepolicy": "namespace:policy[:tag|:name|:digest]"}`. */
export const fluxMarker: SiteFinder = { in: 'flux-marker', find }

/** A scalar with a marker: which policy, and which part of the image stands there. */
export interface Marked {
  readonly pointer: Pointer
  readonly policy: string
  readonly part: 'image' | 'name' | 'tag' | 'digest'
}

/** All scalars of a document that Flux's image automation writes. */
export function markedScalars(document: SourceDocument): readonly Marked[] {
  if (!document.text.includes('$imagepolicy')) return []
  const marked: Marked[] = []
  const visit = (value: unknown, at: Pointer): void => {
    if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) visit(inner, at + toPointer([key]))
      return
    }
    const marker = readMarker(document.scalarAt(at)?.comment ?? '')
    if (marker !== undefined) marked.push({ pointer: at, ...marker })
  }
  visit(document.value, '')
  return marked
}

/** Reads `{"$imagepolicy": "ns:name[:part]"}`. */
export function readMarker(comment: string): { readonly policy: string; readonly part: Marked['part'] } | undefined {
  const [, namespace, name, part] = /^\{\s*"\$imagepolicy"\s*:\s*"([\w.-]+):([\w.-]+)(?::(tag|name|digest))?"\s*\}/.exec(comment) ?? []
  if (namespace === undefined || name === undefined) return undefined
  return { policy: `${namespace}:${name}`, part: (part ?? 'image') as Marked['part'] }
}

function find(document: SourceDocument): readonly Spot[] {
  const marked = markedScalars(document)
  return marked.flatMap((one) => {
    const text = textAt(document, one.pointer)
    if (text === undefined || isPlaceholder(text)) return []
    const what = `value marked for Flux policy ${one.policy}`
    const base = { in: 'flux-marker' as const, document, pointer: one.pointer, key: `flux ${document.documentIndex} ${one.pointer}`, what }
    if (one.part === 'image') {
      const image = readImage(text)
      if (image === undefined) return []
      return [{ ...base, image: { name: image.name, ...(image.tag === undefined ? {} : { tag: image.tag }), ...(image.digest === undefined ? {} : { digest: image.digest }) }, changesTo: (to) => setTo(document, one.pointer, formatImage({ name: image.domain === to.domain && image.path === to.path ? image.name : to.name, tag: to.tag, digest: to.digest })) } satisfies Spot]
    }
    if (one.part === 'name') return []
    return [tagSpot(document, marked, one, base, text)]
  })
}

function tagSpot(document: SourceDocument, marked: readonly Marked[], one: Marked, base: Omit<Spot, 'image' | 'changesTo'>, text: string): Spot {
  const sibling = (part: Marked['part']): Marked | undefined => marked.filter((other) => other.policy === one.policy && other.part === part).toSorted((a, b) => shared(b.pointer, one.pointer) - shared(a.pointer, one.pointer))[0]
  const nameAt = sibling('name')?.pointer
  const name = nameAt === undefined ? undefined : textAt(document, nameAt)
  const part = one.part === 'digest' ? { digest: text } : { tag: text }
  return {
    ...base,
    image: { ...(name === undefined ? {} : { name }), ...part },
    changesTo: (to) => {
      const wanted = one.part === 'digest' ? to.digest : to.tag
      if (wanted === undefined) return { why: `the marked value is a ${one.part}, and the target has none`, hint: `give the image with a ${one.part}` }
      return setTo(document, one.pointer, wanted)
    },
  }
}

function shared(a: Pointer, b: Pointer): number {
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  return at
}
