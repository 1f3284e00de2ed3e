import { type Change, type Manifest, parse, type SourceText, valueAt } from '@rollsync/manifests'
import { type ImageReference, parseImage, readImage, sameRepository } from './image-reference.ts'
import { isSourceOverride } from './sites/image-updater.ts'
import { markedScalars } from './sites/flux-marker.ts'
import type { PlannedSite } from './plan.ts'

/** What would write the bad image again after the revert, and what stops it. rollsync never runs the command. */
export interface Updater {
  readonly updater: 'Argo CD Image Updater' | 'Flux' | 'Kargo' | 'Renovate' | 'a CI job'
  readonly what: string
  readonly file: string
  readonly line: number
  readonly stop: string
  /** The edit by which Git itself can hold the updater, where the object that drives it is in the repository. */
  readonly hold?: { readonly documentIndex: number; readonly changes: readonly Change[] }
  /** `this image`: it names the image or writes the very place; `maybe`: it is there, and nothing says that it leaves this image alone. */
  readonly sure: 'this image' | 'maybe'
}

/** Words by which a file is known to concern an updater. */
export const updaterWords: readonly string[] = ['argocd-image-updater', 'image.toolkit.fluxcd.io', 'kargo.akuity.io', '$imagepolicy', 'kustomize edit set image', 'set image', 'yq ', 'renovate']

/** Finds what would undo a revert, in the repository's files and in live objects (`kubectl get … -o json`) where given. */
export function findUpdaters(files: readonly SourceText[], sites: readonly PlannedSite[], images: readonly { readonly from: string; readonly to: string }[]): readonly Updater[] {
  const references = images.map((one) => ({ from: one.from, to: parseImage(one.to), bad: readImage(one.from)?.tag }))
  const { manifests } = parse(files)
  const found = [
    ...sites.flatMap((site) => writtenPlace(site, files)),
    ...references.flatMap(({ to, bad }) => manifests.flatMap((one) => [...imageUpdater(one, to, bad), ...kargo(one, to)])),
    ...manifests.flatMap((one) => flux(one, references.map(({ to }) => to), sites)),
    ...files.flatMap((file) => [...renovate(file, references.map(({ to }) => to)), ...ciJob(file)]),
  ]
  return [...new Map(found.map((one) => [`${one.updater} ${one.file} ${one.line} ${one.what}`, one])).values()]
}

/** The place itself belongs to an updater: its override file, or a marker on the line. */
function writtenPlace(site: PlannedSite, files: readonly SourceText[]): readonly Updater[] {
  const at = { file: site.file, line: site.line, sure: 'this image' as const }
  const tag = readImage(site.before)?.tag ?? 'BAD-TAG'
  if (isSourceOverride(site.file)) {
    const application = /\.argocd-source-(.+)\.ya?ml$/.exec(site.file)?.[1] ?? 'APPLICATION'
    return [{ updater: 'Argo CD Image Updater', what: 'it writes this very file', ...at, stop: `kubectl -n argocd annotate application ${application} --overwrite argocd-image-updater.argoproj.io/ALIAS.ignore-tags=${tag}` }]
  }
  const documents = parse(files.filter((file) => file.file === site.file)).documents
  const marker = documents.flatMap((document) => markedScalars(document).filter((one) => document.at(one.pointer).line === site.line))[0]
  if (marker === undefined) return []
  const [namespace = '', policy = ''] = marker.policy.split(':')
  return [{ updater: 'Flux', what: `the line is marked for ImagePolicy ${namespace}/${policy}`, ...at, stop: `flux suspend image update --all -n ${namespace}` }]
}

const annotation = 'argocd-image-updater.argoproj.io'

function imageUpdater(manifest: Manifest, to: ImageReference, bad: string | undefined): readonly Updater[] {
  const { ref, value } = manifest
  const tag = bad ?? 'BAD-TAG'
  if (ref.kind === 'ImageUpdater') {
    const text = JSON.stringify(value['spec'] ?? {})
    if (!text.includes(to.path)) return []
    return [{ updater: 'Argo CD Image Updater', what: `ImageUpdater ${ref.name} follows ${to.path}`, ...placeOf(manifest, '/spec'), ...holdWith(manifest, ignoreTagChanges(manifest, to, tag)), sure: 'this image', stop: `kubectl -n ${ref.namespace || 'argocd'} edit imageupdater ${ref.name}   # add "${tag}" to ignoreTags of this image` }]
  }
  if (ref.kind !== 'Application' && ref.kind !== 'ApplicationSet') return []
  const list = value.metadata.annotations?.[`${annotation}/image-list`] ?? String(valueAt(value, `/spec/template/metadata/annotations/${annotation}~1image-list`) ?? '')
  return list.split(',').map((entry) => entry.trim()).flatMap((entry) => {
    const [alias, text] = entry.includes('=') ? [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)] : [undefined, entry]
    // A constraint stands where a tag would: `app=r.io/app:~1.2`.
    const image = readImage(text.replace(/:[^/]*$/, ''))
    if (image === undefined || !sameRepository(image, to)) return []
    const stop = alias === undefined
      ? `kubectl -n ${ref.namespace || 'argocd'} annotate ${ref.kind.toLowerCase()} ${ref.name} --overwrite ${annotation}/image-list=${image.name}:${to.tag ?? 'TAG'}`
      : `kubectl -n ${ref.namespace || 'argocd'} annotate ${ref.kind.toLowerCase()} ${ref.name} --overwrite ${annotation}/${alias}.ignore-tags=${tag}`
    const hold = alias === undefined || ref.kind !== 'Application' ? {} : holdWith(manifest, annotationChanges(value.metadata.annotations ?? {}, `${annotation}/${alias}.ignore-tags`, tag))
    return [{ updater: 'Argo CD Image Updater' as const, what: `${ref.kind} ${ref.name} lists ${text}`, ...placeOf(manifest, `/metadata/annotations/${annotation}~1image-list`), ...hold, sure: 'this image' as const, stop }]
  })
}

/** Changes of the object as changes of its document; live objects are not in Git and have none. */
function holdWith(manifest: Manifest, changes: readonly Change[]): Pick<Updater, 'hold'> {
  if (changes.length === 0 || manifest.file === liveObjects) return {}
  return { hold: { documentIndex: manifest.documentIndex, changes: changes.map((change) => ({ ...change, pointer: manifest.base + change.pointer })) } }
}

/** The name under which live objects are given instead of a file's. */
export const liveObjects = 'live objects'

function annotationChanges(annotations: Readonly<Record<string, string>>, key: string, tag: string): readonly Change[] {
  const listed = (annotations[key] ?? '').split(',').map((one) => one.trim()).filter((one) => one !== '')
  return listed.includes(tag) ? [] : [{ do: 'set', pointer: `/metadata/annotations/${key.replaceAll('/', '~1')}`, value: [...listed, tag].join(',') }]
}

function ignoreTagChanges(manifest: Manifest, to: ImageReference, tag: string): readonly Change[] {
  const references = valueAt(manifest.value, '/spec/applicationRefs')
  if (!Array.isArray(references)) return []
  return references.flatMap((reference: unknown, index) => {
    const images = valueAt(reference, '/images')
    return (Array.isArray(images) ? images : []).flatMap((image: unknown, at): readonly Change[] => {
      const named = readImage(String(valueAt(image, '/imageName') ?? '').replace(/:[^/]*$/, ''))
      const ignored = valueAt(image, '/commonUpdateSettings/ignoreTags')
      if (named === undefined || !sameRepository(named, to) || (Array.isArray(ignored) && ignored.includes(tag))) return []
      return [{ do: 'set', pointer: `/spec/applicationRefs/${index}/images/${at}/commonUpdateSettings/ignoreTags/-`, value: tag }]
    })
  })
}

function placeOf(manifest: Manifest, pointer: string): { readonly file: string; readonly line: number } {
  const { file, line } = manifest.keyAt(pointer)
  return { file, line }
}

function flux(manifest: Manifest, images: readonly ImageReference[], sites: readonly PlannedSite[]): readonly Updater[] {
  const { ref, value } = manifest
  if (ref.group !== 'image.toolkit.fluxcd.io') return []
  const namespace = ref.namespace || 'flux-system'
  if (ref.kind === 'ImageRepository') {
    const image = readImage(String(valueAt(value, '/spec/image') ?? ''))
    if (image === undefined || !images.some((one) => sameRepository(one, image))) return []
    return [{ updater: 'Flux', what: `ImageRepository ${ref.name} scans ${image.name}`, ...placeOf(manifest, '/spec/image'), sure: 'this image', stop: `flux suspend image repository ${ref.name} -n ${namespace}` }]
  }
  if (ref.kind !== 'ImageUpdateAutomation' || valueAt(value, '/spec/suspend') === true) return []
  const path = String(valueAt(value, '/spec/update/path') ?? '.').replace(/^\.?\//, '').replace(/^\.$/, '')
  if (!sites.some((site) => path === '' || site.file.startsWith(`${path.replace(/\/+$/, '')}/`))) return []
  return [{ updater: 'Flux', what: `ImageUpdateAutomation ${ref.name} writes below ${path === '' ? 'the root' : path}`, ...placeOf(manifest, '/spec'), ...holdWith(manifest, [{ do: 'set', pointer: '/spec/suspend', value: true }]), sure: 'maybe', stop: `flux suspend image update ${ref.name} -n ${namespace}` }]
}

function kargo(manifest: Manifest, to: ImageReference): readonly Updater[] {
  const { ref, value } = manifest
  if (ref.group !== 'kargo.akuity.io' || ref.kind !== 'Warehouse') return []
  const subscriptions = valueAt(value, '/spec/subscriptions')
  const follows = Array.isArray(subscriptions) && subscriptions.some((one: unknown) => {
    const image = readImage(String(valueAt(one, '/image/repoURL') ?? ''))
    return image !== undefined && sameRepository(image, to)
  })
  if (!follows) return []
  const project = ref.namespace || 'PROJECT'
  return [{ updater: 'Kargo', what: `Warehouse ${ref.name} follows ${to.path}`, ...placeOf(manifest, '/spec'), sure: 'this image', stop: `kubectl -n ${project} edit projectconfig ${project}   # autoPromotionEnabled: false for the stage that writes here` }]
}

function renovate(file: SourceText, images: readonly ImageReference[]): readonly Updater[] {
  if (!/(^|\/)(renovate\.json5?|\.renovaterc(\.json5?)?)$/.test(file.file)) return []
  const text = 'text' in file ? file.text : new TextDecoder().decode(file.bytes)
  const names = images.map((one) => (one.domain === 'docker.io' ? one.path.replace(/^library\//, '') : `${one.domain}/${one.path}`))
  if (names.every((name) => text.includes(`"${name}"`) && /ignoreDeps|enabled"?\s*:\s*false/.test(text))) return []
  return [{ updater: 'Renovate', what: 'it may raise the image again', file: file.file, line: 1, sure: 'maybe', stop: `add to ${file.file}: "packageRules": [{ "matchPackageNames": ["${names.join('", "')}"], "enabled": false }]` }]
}

function ciJob(file: SourceText): readonly Updater[] {
  if (!/(^|\/)(Jenkinsfile[^/]*|\.gitlab-ci\.yml|azure-pipelines\.ya?ml)$|^\.github\/workflows\/[^/]+\.ya?ml$|^\.circleci\//.test(file.file)) return []
  const text = 'text' in file ? file.text : new TextDecoder().decode(file.bytes)
  const line = text.split('\n').findIndex((one) => /kustomize edit set image|yq\s.*(?:-i|--inplace|eval).*(?:image|tag)|sed -i.*(?:image|tag)|helm-values-update|update-image/i.test(one))
  if (line < 0) return []
  return [{ updater: 'a CI job', what: 'it writes an image into manifests', file: file.file, line: line + 1, sure: 'maybe', stop: 'stop the pipeline of the bad build, so that it does not run again' }]
}

