import { isMap, type Pointer, type ResourceRef, type SourceDocument, valueAt } from '@rollsync/manifests'
import { formatImage, type ImageReference, readImage } from '../image-reference.ts'
import { type SiteFinder, setTo, type Spot } from './site.ts'
import { isPlaceholder, textAt, visitMaps } from './text-at.ts'

const lists = ['containers', 'initContainers', 'ephemeralContainers'] as const

/** `image:` of a container in a pod template of any kind, in whole objects and in patches. */
export const container: SiteFinder = { in: 'container', find }

function find(document: SourceDocument): readonly Spot[] {
  const spots: Spot[] = []
  visitMaps(document.value, (map, pointer) => {
    for (const list of lists) {
      const items = map[list]
      if (!Array.isArray(items) || !/(^|\/)spec$/.test(pointer)) continue
      items.forEach((item: unknown, index) => {
        if (isMap(item)) spots.push(...spotAt(document, `${pointer}/${list}/${index}`, item['name']))
      })
    }
  })
  return spots
}

function spotAt(document: SourceDocument, pointer: Pointer, name: unknown): readonly Spot[] {
  const at = `${pointer}/image`
  const text = textAt(document, at)
  if (text === undefined) return []
  const image = readImage(text)
  if (image === undefined && !isPlaceholder(text)) return []
  const owner = ownerOf(document, pointer)
  const label = typeof name === 'string' ? name : pointer
  return [{
    in: 'container',
    document,
    pointer: at,
    key: `container ${owner.key} ${pointer.replace(/^.*\/(\w*[cC]ontainers)\/\d+$/, '$1')} ${label}`,
    what: `${owner.what}, container ${label}`,
    ...(owner.ref === undefined ? {} : { resource: owner.ref }),
    ...(typeof name === 'string' ? { container: name } : {}),
    image: image === undefined ? { name: text } : { name: image.name, ...(image.tag === undefined ? {} : { tag: image.tag }), ...(image.digest === undefined ? {} : { digest: image.digest }) },
    changesTo: (to) => (image === undefined ? { why: 'the image is a template', hint: 'edit the value that the template reads' } : setTo(document, at, writtenLike(image, to))),
  }]
}

/** The target image under the name that was written, where it is the same repository (`nginx` stays `nginx`, not `docker.io/library/nginx`). */
export function writtenLike(old: ImageReference, to: ImageReference): string {
  const same = old.domain === to.domain && old.path === to.path
  return formatImage({ name: same ? old.name : to.name, tag: to.tag, digest: to.digest })
}

function ownerOf(document: SourceDocument, pointer: Pointer): { readonly key: string; readonly what: string; readonly ref?: ResourceRef } {
  const base = /^\/items\/\d+/.exec(pointer)?.[0] ?? ''
  const object = valueAt(document.value, base)
  if (!isMap(object) || typeof object['kind'] !== 'string' || !isMap(object['metadata'])) return { key: `document ${document.documentIndex}`, what: 'a pod template' }
  const { kind, metadata } = object
  const name = typeof metadata['name'] === 'string' ? metadata['name'] : ''
  const namespace = typeof metadata['namespace'] === 'string' ? metadata['namespace'] : ''
  const apiVersion = typeof object['apiVersion'] === 'string' ? object['apiVersion'] : ''
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
  return { key: `${group}/${kind}/${namespace}/${name}`, what: `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`, ref: { group, kind, namespace, name } }
}

