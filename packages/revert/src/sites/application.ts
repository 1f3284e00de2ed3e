import { isMap, type Pointer, type SourceDocument, valueAt } from '@rollsync/manifests'
import { embeddedDocument } from '../embedded.ts'
import { formatImage, type ImageReference, readImage } from '../image-reference.ts'
import { valuesSpots } from './helm-values.ts'
import { type NamedImage, type SiteFinder, setTo, type Spot } from './site.ts'
import { isPlaceholder, textAt, visitMaps } from './text-at.ts'

/** What an Application or ApplicationSet sets of its sources: kustomize.images, helm.parameters, helm.values, helm.valuesObject, and the elements of list generators. */
export const application: SiteFinder = { in: 'application', find }

function find(document: SourceDocument): readonly Spot[] {
  const spots: Spot[] = []
  visitMaps(document.value, (map, pointer) => {
    if (map['kind'] !== 'Application' && map['kind'] !== 'ApplicationSet') return
    const label = `${map['kind']} ${textAt(document, `${pointer}/metadata/name`) ?? ''}`
    visitMaps(valueAt(document.value, `${pointer}/spec`), (inner, at) => {
      const here = `${pointer}/spec${at}`
      if (/(^|\/)source$|(^|\/)sources\/\d+$/.test(here)) spots.push(...sourceSpots(document, here, 'application', label))
      if (Array.isArray(inner['elements']) && here.endsWith('/list')) {
        inner['elements'].forEach((_, index) => spots.push(...valuesSpots(document, 'application', `${label}, element ${index}`, [], `${here}/elements/${index}`)))
      }
    })
  })
  return spots
}

/** The spots of one Argo CD source, wherever it is written. */
export function sourceSpots(document: SourceDocument, source: Pointer, kind: Spot['in'], label: string): readonly Spot[] {
  const helm = `${source}/helm`
  const inner = embeddedDocument(document, `${helm}/values`)
  return [
    ...list(document, `${source}/kustomize/images`).flatMap((at) => overrideSpot(document, at, kind, label)),
    ...parameterSpots(document, `${helm}/parameters`, kind, label),
    ...(inner === undefined ? [] : valuesSpots(inner, kind, `${label}, helm.values`, []).map((spot) => ({ ...spot, key: `${kind} ${source} values ${spot.key}` }))),
    ...(isMap(valueAt(document.value, `${helm}/valuesObject`)) ? valuesSpots(document, kind, `${label}, helm.valuesObject`, [], `${helm}/valuesObject`) : []),
  ]
}

function list(document: SourceDocument, pointer: Pointer): readonly Pointer[] {
  const value = valueAt(document.value, pointer)
  return Array.isArray(value) ? value.map((_, index) => `${pointer}/${index}`) : []
}

/** `name=newname:tag`, `name:tag`, `name@digest`, as `kustomize edit set image` writes them. */
function overrideSpot(document: SourceDocument, pointer: Pointer, kind: Spot['in'], label: string): readonly Spot[] {
  const text = textAt(document, pointer)
  if (text === undefined || isPlaceholder(text)) return []
  const equals = text.indexOf('=')
  const alias = equals < 0 ? undefined : text.slice(0, equals)
  const image = readImage(equals < 0 ? text : text.slice(equals + 1))
  if (image === undefined) return []
  return [{
    in: kind, document, pointer, key: `${kind} ${label} kustomize ${alias ?? image.name}`, what: `${label}, kustomize.images ${alias ?? image.name}`, image: named(image),
    changesTo: (to) => {
      const same = image.domain === to.domain && image.path === to.path
      const name = alias ?? (same ? undefined : image.name)
      return setTo(document, pointer, `${name === undefined ? '' : `${name}=`}${formatImage({ name: same ? image.name : to.name, tag: to.tag, digest: to.digest })}`)
    },
  }]
}

function named(image: ImageReference): NamedImage {
  return { name: image.name, ...(image.tag === undefined ? {} : { tag: image.tag }), ...(image.digest === undefined ? {} : { digest: image.digest }) }
}

/** `helm.parameters`: pairs like `image.repository` and `image.tag`, or one parameter that holds a whole image. */
function parameterSpots(document: SourceDocument, pointer: Pointer, kind: Spot['in'], label: string): readonly Spot[] {
  const values = new Map<string, Pointer>()
  for (const at of list(document, pointer)) {
    const name = textAt(document, `${at}/name`)
    if (name !== undefined) values.set(name, `${at}/value`) // the last one with a name wins
  }
  return [...values].flatMap(([name, at]) => parameterSpot(document, values, name, at, kind, label))
}

function parameterSpot(document: SourceDocument, values: ReadonlyMap<string, Pointer>, name: string, at: Pointer, kind: Spot['in'], label: string): readonly Spot[] {
  const text = textAt(document, at)
  if (text === undefined || isPlaceholder(text)) return []
  const key = `${kind} ${label} parameter ${name}`
  const what = `${label}, helm.parameters ${name}`
  if (/(^|\.)(tag|imageTag)$/.test(name)) {
    const stem = name.replace(/(tag|imageTag)$/, '')
    const repositoryAt = ['repository', 'name', 'imageName', 'repo'].map((one) => values.get(stem + one)).find((one) => one !== undefined)
    const repository = repositoryAt === undefined ? undefined : textAt(document, repositoryAt)
    const digestAt = values.get(`${stem}digest`)
    const digest = digestAt === undefined ? undefined : textAt(document, digestAt)
    return [{
      in: kind, document, pointer: at, key, what,
      image: { ...(repository === undefined ? {} : { name: repository }), tag: text, ...(digest === undefined ? {} : { digest }) },
      changesTo: (to) => {
        const old = repository === undefined ? undefined : readImage(repository)
        const moved = old !== undefined && (old.domain !== to.domain || old.path !== to.path)
        if (to.tag === undefined || (to.digest !== undefined && digestAt === undefined)) return { why: 'the parameters hold a tag, and the target is given by digest', hint: `set ${name} by hand` }
        return [...(moved && repositoryAt !== undefined ? setTo(document, repositoryAt, to.name) : []), ...setTo(document, at, to.tag), ...(digestAt === undefined ? [] : setTo(document, digestAt, to.digest ?? ''))]
      },
    }]
  }
  const image = readImage(text)
  if (image === undefined || image.tag === undefined || !/[iI]mage/.test(name)) return []
  return [{ in: kind, document, pointer: at, key, what, image: named(image), changesTo: (to) => setTo(document, at, formatImage({ name: image.domain === to.domain && image.path === to.path ? image.name : to.name, tag: to.tag, digest: to.digest })) }]
}

