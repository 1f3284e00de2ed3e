import { type Change, isMap, type Pointer, type SourceDocument, toPointer, valueAt } from '@rollsync/manifests'
import { formatImage, type ImageReference, readImage, sameRepository } from '../image-reference.ts'
import { writtenLike } from './container.ts'
import { isKustomization } from './kustomize.ts'
import { type Refusal, type SiteFinder, setTo, type Spot } from './site.ts'
import { isPlaceholder, textAt, visitMaps } from './text-at.ts'

/** Values of a Helm chart: `repository` with `tag` and `digest` (and `registry`), or one image text; a tag alone takes its repository from another values file. */
export const helmValues: SiteFinder = {
  in: 'helm-values',
  find: (document, others) => (isValues(document) ? valuesSpots(document, 'helm-values', fileLabel(document), others.filter(isValues)) : []),
}

function fileLabel(document: SourceDocument): string {
  return document.file.split('/').at(-1) ?? document.file
}

function isValues(document: SourceDocument): boolean {
  const { value } = document
  return isMap(value) && !(Object.hasOwn(value, 'apiVersion') && Object.hasOwn(value, 'kind')) && !isKustomization(document) && !/(^|\/)\.argocd-source[^/]*\.ya?ml$/.test(document.file)
}

/** The spots of a values tree, wherever it stands (a file, an Application's valuesObject or its values text). */
export function valuesSpots(document: SourceDocument, kind: Spot['in'], label: string, others: readonly SourceDocument[], base: Pointer = ''): readonly Spot[] {
  const spots: Spot[] = []
  visitMaps(valueAt(document.value, base), (map, inner) => {
    const pointer = base + inner
    const split = splitSpot(document, kind, label, others, base, pointer, map)
    if (split !== undefined) spots.push(split)
    for (const key of Object.keys(map)) {
      const at = pointer + toPointer([key])
      if (/(^|[._-])image$|Image$/.test(key) && typeof map[key] === 'string') spots.push(...textSpot(document, kind, label, at))
    }
  })
  return spots
}

function textSpot(document: SourceDocument, kind: Spot['in'], label: string, pointer: Pointer): readonly Spot[] {
  const text = textAt(document, pointer)
  const image = text === undefined || isPlaceholder(text) ? undefined : readImage(text)
  if (image === undefined || (image.tag === undefined && image.digest === undefined)) return []
  return [{
    in: kind, document, pointer, key: `${kind} ${pointer}`, what: `${label}, ${dotted(pointer)}`,
    image: { name: image.name, ...(image.tag === undefined ? {} : { tag: image.tag }), ...(image.digest === undefined ? {} : { digest: image.digest }) },
    changesTo: (to) => setTo(document, pointer, writtenLike(image, to)),
  }]
}

/** The keys of one split image: `image: {repository, tag}`, or `image.tag` and `imageTag` beside it. */
interface Keys {
  readonly registry?: string
  readonly repository?: string
  readonly tag?: string
  readonly digest?: string
}

function keysIn(map: Readonly<Record<string, unknown>>, pointer: Pointer): Keys | undefined {
  const inImage = /[iI]mage$/.test(pointer)
  const named = (...names: readonly string[]): string | undefined => names.find((one) => Object.hasOwn(map, one) && (typeof map[one] === 'string' || typeof map[one] === 'number'))
  const tag = named('tag', 'image.tag', 'imageTag', 'image_tag')
  const digest = named('digest', 'image.digest', 'imageDigest', 'sha256', 'sha')
  const repository = named('repository', 'repo', 'image.repository', 'imageRepository', ...(inImage ? ['name'] : []), ...(tag === 'tag' || tag === undefined ? [] : ['imageName', 'image']))
  const plain = tag === 'tag' || digest === 'digest' || digest === 'sha' || digest === 'sha256'
  if ((tag === undefined && digest === undefined) || (plain && !inImage && repository === undefined)) return undefined
  const registry = named('registry', 'image.registry', 'imageRegistry')
  return { ...(registry === undefined ? {} : { registry }), ...(repository === undefined ? {} : { repository }), ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) }
}

function splitSpot(document: SourceDocument, kind: Spot['in'], label: string, others: readonly SourceDocument[], base: Pointer, pointer: Pointer, map: Readonly<Record<string, unknown>>): Spot | undefined {
  const keys = keysIn(map, pointer)
  if (keys === undefined) return undefined
  const get = (key: string | undefined): string | undefined => (key === undefined ? undefined : textAt(document, pointer + toPointer([key])))
  const tag = get(keys.tag)
  const digest = get(keys.digest)
  if ((tag === undefined && digest === undefined) || isPlaceholder(tag ?? '')) return undefined
  const own = repositoryOf(document, keys, pointer)
  const name = own ?? borrowedRepository(others, document, pointer.slice(base.length))
  const field = digest !== undefined ? keys.digest : keys.tag
  return {
    in: kind, document, pointer: pointer + toPointer([field ?? '']), key: `${kind} ${pointer}`, what: `${label}, ${dotted(pointer)}`,
    image: { ...(name === undefined ? {} : { name }), ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest: digest.includes(':') ? digest : `sha256:${digest}` }) },
    changesTo: (to) => splitChanges(document, pointer, keys, { name, own, tag, digest }, to),
  }
}

function repositoryOf(document: SourceDocument, keys: Keys, pointer: Pointer): string | undefined {
  const repository = keys.repository === undefined ? undefined : textAt(document, pointer + toPointer([keys.repository]))
  if (repository === undefined || isPlaceholder(repository)) return undefined
  const registry = keys.registry === undefined ? undefined : textAt(document, pointer + toPointer([keys.registry]))
  return registry === undefined ? repository : `${registry}/${repository}`
}

/** The repository that another values file of the same folder, or of a folder above it, gives at the same place. */
function borrowedRepository(others: readonly SourceDocument[], document: SourceDocument, inner: Pointer): string | undefined {
  const found = others
    .filter((other) => other !== document && document.file.startsWith(folderOf(other.file)))
    .toSorted((a, b) => folderOf(b.file).length - folderOf(a.file).length || a.file.length - b.file.length)
    .flatMap((other) => {
      const map = valueAt(other.value, inner)
      const keys = isMap(map) ? keysIn({ tag: '', ...map }, inner) : undefined
      const repository = keys === undefined ? undefined : repositoryOf(other, keys, inner)
      return repository === undefined ? [] : [repository]
    })
  return found[0]
}

function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/') + 1)
}

interface Current {
  readonly name: string | undefined
  readonly own: string | undefined
  readonly tag: string | undefined
  readonly digest: string | undefined
}

function splitChanges(document: SourceDocument, pointer: Pointer, keys: Keys, current: Current, to: ImageReference): readonly Change[] | Refusal {
  const at = (key: string): Pointer => pointer + toPointer([key])
  const old = current.name === undefined ? undefined : readImage(current.name)
  const moved = old !== undefined && !sameRepository(old, to)
  if (moved && (keys.registry !== undefined || keys.repository === undefined || current.own === undefined)) {
    return { why: 'the repository changes too, and it is written in parts or in another file', hint: `set ${dotted(pointer)} to ${formatImage(to)} by hand` }
  }
  const tag = to.tag ?? (to.digest === undefined ? 'latest' : undefined)
  const tagKey = keys.tag ?? 'tag'
  const digestKey = keys.digest ?? 'digest'
  if (to.digest !== undefined && keys.digest === undefined) return { why: 'the values hold no digest, and the chart may not read one', hint: `add it to ${dotted(pointer)} by hand, or give the image by tag` }
  const bare = current.digest !== undefined && !current.digest.includes(':')
  return [
    ...(moved && keys.repository !== undefined ? setTo(document, at(keys.repository), to.name) : []),
    ...(tag === undefined ? [] : setTo(document, at(tagKey), tag)),
    ...(to.digest === undefined ? (current.digest === undefined ? [] : setTo(document, at(digestKey), '')) : setTo(document, at(digestKey), bare ? to.digest.replace(/^sha256:/, '') : to.digest)),
  ]
}

/** A pointer as people write values: `image.tag`, `sidecars[0].image`. */
export function dotted(pointer: Pointer): string {
  return pointer.slice(1).split('/').map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~')).reduce((path, token) => (/^\d+$/.test(token) ? `${path}[${token}]` : path === '' ? token : `${path}.${token}`), '')
}
