import { applyEdits, type Change, changeValue, editDocument, jsonEqual, parse, type Pointer, type SourceDocument, type SourceText, type TextEdit, usersOf } from '@rollsync/manifests'
import { diffText } from './diff-text.ts'
import { hostEdits, hostOf } from './embedded.ts'
import { findSites, type FoundSite, type Site, type Skipped, textOf } from './found-site.ts'
import { type ImageReference, parseImage, sameRepository } from './image-reference.ts'
import { locate, type Located, namesakes, type Query, type RolloutName, says } from './locate.ts'
import { type Candidate, RevertError } from './revert-error.ts'

/**
 * What to revert in a set of files. `to` names one image per repository, `from` the image that must stand there now (per repository too; a single one stands for all);
 * `sites` picks among several places by their ids.
 */
export interface RevertRequest {
  readonly files: readonly SourceText[]
  readonly to: string | readonly string[]
  readonly from?: string | readonly string[]
  readonly rollout?: RolloutName
  readonly sites?: readonly string[]
}

export interface PlannedSite extends Site {
  readonly after: string
}

/** One revert as a value: printable, storable, and without effect until it is applied. */
export interface RevertPlan {
  readonly state: 'planned' | 'already there'
  readonly images: readonly { readonly from: string; readonly to: string }[]
  readonly sites: readonly PlannedSite[]
  readonly edits: readonly TextEdit[]
  /** Unified diff, as git prints it; `''` where nothing is to do. */
  readonly diff: string
  readonly skipped: readonly Skipped[]
}

/** Finds where the image stands and plans the edit that restores the target, proven by reading the result. Throws a RevertError where it is not clear what is meant. */
export function planRevert(request: RevertRequest): RevertPlan {
  const targets = (typeof request.to === 'string' ? [request.to] : request.to).map(parseImage)
  const located = targets.map((to) => ({ to, from: fromFor(to, request), found: locate(request.files, queryFor(to, request)) }))
  checkIds(request.sites ?? [], located.map((one) => one.found))
  const named = located.filter(({ found }) => found.bad.length + found.good.length + found.other.length > 0)
  const [first] = located
  if (named.length === 0 && first !== undefined) throw noSite(first.found, first.to, request)
  const chosen = named.flatMap(({ to, from, found }) => choose(found, request, { to, from }).map((one) => ({ ...one, to })))
  const skipped = uniqueSkips(located.flatMap(({ found }) => [...found.skipped, ...found.other.map((one) => ({ file: one.site.file, why: `line ${one.site.line}: names ${one.site.before}, which is neither the image to revert nor the target` }))]))
  const edits = editsFor(chosen)
  proveImages(request.files, edits, chosen)
  const sites = chosen.map(({ site, spot, to }) => ({ ...site, after: textOf({ ...spot.image, ...partsOf(to, spot.image.name ?? to.name) }) }))
  return {
    state: sites.length === 0 ? 'already there' : 'planned',
    images: sites.length === 0 ? targets.map((to) => ({ from: to.text, to: to.text })) : uniqueImages(chosen.map(({ site, to }) => ({ from: site.before, to: to.text }))),
    sites,
    edits,
    diff: diffOf(request.files, edits),
    skipped,
  }
}

function queryFor(to: ImageReference, request: RevertRequest): Query {
  const from = fromFor(to, request)
  return { to, ...(from === undefined ? {} : { from }), ...(request.rollout === undefined ? {} : { rollout: request.rollout }) }
}

function fromFor(to: ImageReference, { from }: RevertRequest): ImageReference | undefined {
  const images = (from === undefined ? [] : typeof from === 'string' ? [from] : from).map(parseImage)
  return images.find((one) => sameRepository(one, to)) ?? (images.length === 1 ? images[0] : undefined)
}

interface Chosen extends FoundSite {
  readonly to: ImageReference
}

function partsOf(to: ImageReference, name: string): { readonly name: string; readonly tag?: string; readonly digest?: string } {
  return { name, ...(to.tag === undefined ? {} : { tag: to.tag }), ...(to.digest === undefined ? {} : { digest: to.digest }) }
}

function uniqueImages(images: readonly { readonly from: string; readonly to: string }[]): RevertPlan['images'] {
  return [...new Map(images.map((one) => [`${one.from} ${one.to}`, one])).values()]
}

function uniqueSkips(skipped: readonly Skipped[]): readonly Skipped[] {
  return [...new Map(skipped.map((one) => [`${one.file}\n${one.why}`, one])).values()]
}

function checkIds(ids: readonly string[], located: readonly Located[]): void {
  const known = located.flatMap((one) => [...one.bad, ...one.good, ...one.other])
  for (const id of ids) {
    if (!known.some((one) => one.site.id === id)) throw new RevertError('unknown-site', `no site ${id} names this image`, { hint: 'take one of the ids listed', candidates: known.map(candidateOf) })
  }
}

/** The sites to edit: those picked, or all of the one unit that names the image. Several units are an error, never a guess. */
function choose(found: Located, request: RevertRequest, { to, from }: { readonly to: ImageReference; readonly from: ImageReference | undefined }): readonly FoundSite[] {
  const picked = request.sites ?? []
  if (picked.length > 0) {
    const moved = found.other.filter((one) => picked.includes(one.site.id))
    if (moved.length > 0) throw imageMoved(moved, to, from)
    return found.bad.filter((one) => picked.includes(one.site.id))
  }
  const units = new Set(found.bad.map(unitOf))
  if (units.size > 1) {
    throw new RevertError('ambiguous', `${units.size} places name the image to revert`, { hint: 'choose with --site ID (repeatable), --path or --rollout', candidates: found.bad.map(candidateOf) })
  }
  if (found.bad.length > 0 || found.good.length > 0) return found.bad
  throw imageMoved(found.other, to, from)
}

function imageMoved(sites: readonly FoundSite[], to: ImageReference, from: ImageReference | undefined): RevertError {
  return new RevertError('image-moved', `Git names neither ${from?.text ?? 'the image to revert'} nor ${to.text}: someone moved it meanwhile`, { hint: 'look at what Git names now, and revert that', candidates: sites.map(candidateOf) })
}

function noSite(found: Located, to: ImageReference, { files, rollout }: RevertRequest): RevertError {
  const alike = namesakes(files, to).filter((name) => name !== `${to.domain}/${to.path}`)
  const hint = alike.length > 0 ? `there is ${alike.join(', ')}: give the name with its registry` : found.skipped.length > 0 ? `${found.skipped.length} files could not be read, among them ${found.skipped[0]?.file ?? ''}` : `check --path, --branch and the name of the image${rollout === undefined ? '' : ' and of the Rollout'}`
  return new RevertError('no-site', `no file names an image of ${to.domain}/${to.path}${rollout === undefined ? '' : ` for Rollout ${rollout.name}`}`, { hint })
}

/** Containers of one workload go together, and so do all values of one image in one file. */
export function unitOf({ site, spot }: FoundSite): string {
  return spot.in === 'container' ? `${site.file} ${spot.key.split(' ').slice(0, 2).join(' ')}` : `${site.file} ${spot.key}`
}

function candidateOf({ site }: FoundSite): Candidate {
  return { id: site.id, what: site.what, image: site.before }
}

function editsFor(chosen: readonly Chosen[]): readonly TextEdit[] {
  const documents = [...new Set(chosen.map((one) => one.spot.document))]
  return documents.flatMap((document) => {
    const edits = editDocument(document, mergeShared(document, chosen.filter((one) => one.spot.document === document).flatMap(changesOf)))
    const host = hostOf(document)
    return host === undefined ? edits : provenInHost(document, edits)
  }).toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.start - b.start))
}

function changesOf({ spot, site, to }: Chosen): readonly Change[] {
  const changes = spot.changesTo(to)
  if ('why' in changes) throw new RevertError('not-editable', `${site.id} cannot be edited: ${changes.why}`, { hint: changes.hint, candidates: [{ id: site.id, what: site.what, image: site.before }] })
  return changes
}

/** An anchor is edited once for all its users, if every one of them is an image's place too; else the other users are named and nothing is done. */
function mergeShared(document: SourceDocument, changes: readonly Change[]): readonly Change[] {
  const parents = new Set(imageParents(document))
  return changes.map((change) => {
    if (change.do !== 'set') return change
    const [owner, ...others] = usersOf(document, change.pointer)
    if (owner === undefined || others.length === 0) return change
    const stranger = [owner, ...others].find((one) => one !== change.pointer && !parents.has(parentOf(one)))
    if (stranger !== undefined) {
      throw new RevertError('not-editable', `${change.pointer} of ${document.file} is shared through an alias with ${stranger}`, { hint: `edit the anchor by hand, or give ${stranger} a value of its own first` })
    }
    return { ...change, pointer: owner, sharedWith: others }
  })
}

/** The maps that hold something of an image. */
function imageParents(document: SourceDocument): readonly Pointer[] {
  const parents: Pointer[] = []
  const visit = (value: unknown, at: Pointer): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, inner] of Object.entries(value)) {
      if (/^(image|tag|digest|repository|newTag|newName)$|[iI]mage$|[iI]mageTag$/.test(key) && (typeof inner !== 'object' || inner === null)) parents.push(at)
      visit(inner, `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    }
  }
  visit(document.value, '')
  return parents
}

function parentOf(pointer: Pointer): Pointer {
  return pointer.slice(0, pointer.lastIndexOf('/'))
}

function provenInHost(inner: SourceDocument, edits: readonly TextEdit[]): readonly TextEdit[] {
  const embedded = hostOf(inner)
  if (embedded === undefined) return edits
  const { host, pointer } = embedded
  const outer = hostEdits(inner, edits, embedded)
  const after = parse([{ file: host.file, text: applyEdits(host.text, outer) }]).documents.find((one) => one.documentIndex === host.documentIndex)
  const wanted = changeValue(host.value, { do: 'set', pointer, value: applyEdits(inner.text, edits) })
  if (after === undefined || !jsonEqual(after.value, wanted)) {
    throw new RevertError('not-editable', `${pointer} of ${host.file} cannot be edited in place`, { hint: 'edit this text by hand' })
  }
  return outer
}

/** Reads the edited files again: the chosen sites name the target, and every other image is what it was. */
function proveImages(files: readonly SourceText[], edits: readonly TextEdit[], chosen: readonly Chosen[]): void {
  if (edits.length === 0) return
  const touched = files.filter((file) => edits.some((edit) => edit.file === file.file))
  const before = findSites(touched).sites
  const after = findSites(touched.map((file) => ({ file: file.file, text: applyEdits(textOfFile(file), edits.filter((edit) => edit.file === file.file)) }))).sites
  const keyOf = (one: FoundSite): string => `${one.site.file} ${one.spot.document.documentIndex} ${one.spot.key}`
  const now = new Map(after.map((one) => [keyOf(one), one]))
  const wanted = new Map(chosen.map((one) => [keyOf(one), one.to]))
  const wrong = before.find((one) => {
    const image = now.get(keyOf(one))?.spot.image
    const to = wanted.get(keyOf(one))
    return to === undefined ? textOf(image ?? {}) !== one.site.before : image === undefined || !(image.name === undefined ? image.tag === to.tag : says(image, to))
  })
  if (wrong === undefined) return
  throw new RevertError('not-editable', `after the edit ${wrong.site.id} would not name the wanted image`, { hint: 'edit this place by hand', candidates: [candidateOf(wrong)] })
}

/** A file's text, decoded as the parser does, BOM kept. */
export function textOfFile(file: SourceText): string {
  return 'text' in file ? file.text : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(file.bytes)
}

/** The edits of several files as one unified diff, each file once. */
export function diffOf(files: readonly SourceText[], edits: readonly TextEdit[]): string {
  const once = [...new Map(files.map((file) => [file.file, file])).values()]
  return once.map((file) => {
    const own = edits.filter((edit) => edit.file === file.file)
    if (own.length === 0) return ''
    const text = textOfFile(file)
    return diffText(file.file, text, applyEdits(text, own))
  }).join('')
}

