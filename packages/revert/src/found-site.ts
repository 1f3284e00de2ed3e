import { parse, type ResourceRef, type SourceDocument, type SourcePosition, type SourceText } from '@rollsync/manifests'
import { hostOf } from './embedded.ts'
import { formatImage } from './image-reference.ts'
import { siteFinders } from './sites/index.ts'
import { valuesRead } from './template-hint.ts'
import type { NamedImage, SiteKind, Spot } from './sites/site.ts'

/** A place in the repository that names an image. `id` is `file:line`, with the column where two stand on one line; `--site` takes it. */
export interface Site {
  readonly id: string
  readonly in: SiteKind
  readonly file: string
  readonly line: number
  readonly column: number
  readonly pointer: string
  readonly what: string
  readonly resource?: ResourceRef
  readonly container?: string
  readonly before: string
}

/** A file that was not looked into, or a place that was left alone, and why. */
export interface Skipped {
  readonly file: string
  readonly why: string
}

/** A site with what is needed to edit it. */
export interface FoundSite {
  readonly site: Site
  readonly spot: Spot
}

export interface Found {
  readonly sites: readonly FoundSite[]
  readonly skipped: readonly Skipped[]
  readonly documents: readonly SourceDocument[]
}

/** Every place in the files that names an image, in the order of file, line and column. */
export function findSites(files: readonly SourceText[]): Found {
  const parsed = files.map((file) => ({ file: file.file, text: () => ('text' in file ? file.text : new TextDecoder().decode(file.bytes)), ...parse([file]) }))
  const skipped: Skipped[] = []
  const readable = parsed.filter((one) => {
    const fault = one.diagnostics.find((diagnostic) => unreadable.has(diagnostic.code))
    if (fault !== undefined) skipped.push({ file: one.file, why: `line ${fault.at?.line ?? 1}: ${fault.message}${fault.code === 'template' ? hintFor(one.text) : ''}` })
    return fault === undefined
  })
  const documents = readable.flatMap((one) => one.documents)
  const spots = documents.flatMap((document) => siteFinders.flatMap((finder) => finder.find(document, documents)))
  return { sites: withIds(once(spots)), skipped, documents }
}

/** A template's image comes from values: which ones is all that can be said. */
function hintFor(text: () => string): string {
  const keys = valuesRead(text())
  return keys.length === 0 ? '' : `; its image reads the values ${keys.join(', ')}`
}

const unreadable: ReadonlySet<string> = new Set(['alias-bomb', 'bad-alias', 'bad-yaml', 'bad-key', 'binary-file', 'duplicate-key', 'file-too-large', 'not-utf-8', 'template', 'too-deep'])

/** One spot per scalar: an alias is the same text, and a marked container image is one place. */
function once(spots: readonly Spot[]): readonly Spot[] {
  const seen = new Set<string>()
  return spots.filter((spot) => {
    const host = hostOf(spot.document)
    const inner = spot.document.scalarAt(spot.pointer)?.start ?? spot.pointer
    const key = JSON.stringify([spot.document.file, spot.document.documentIndex, host?.host.documentIndex, host?.pointer, inner])
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

function withIds(spots: readonly Spot[]): readonly FoundSite[] {
  const placed = spots.map((spot) => ({ spot, at: positionOf(spot) }))
    .toSorted((a, b) => compare(a.at.file, b.at.file) || a.at.line - b.at.line || a.at.column - b.at.column)
  const lines = new Map<string, number>()
  for (const { at } of placed) lines.set(`${at.file}:${at.line}`, (lines.get(`${at.file}:${at.line}`) ?? 0) + 1)
  return placed.map(({ spot, at }) => {
    const line = `${at.file}:${at.line}`
    const site: Site = {
      id: (lines.get(line) ?? 0) > 1 ? `${line}:${at.column}` : line,
      in: spot.in, file: at.file, line: at.line, column: at.column, pointer: at.pointer, what: spot.what,
      ...(spot.resource === undefined ? {} : { resource: spot.resource }),
      ...(spot.container === undefined ? {} : { container: spot.container }),
      before: textOf(spot.image),
    }
    return { site, spot }
  })
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** An image as people read it; what stands elsewhere is left out. */
export function textOf(image: NamedImage): string {
  return formatImage({ name: image.name ?? '', tag: image.tag, digest: image.digest })
}

/** Where a spot stands in its file, also when it is inside a text of another document. */
function positionOf(spot: Spot): SourcePosition {
  const host = hostOf(spot.document)
  if (host === undefined) return spot.document.at(spot.pointer)
  const outer = host.host.at(host.pointer)
  const inner = spot.document.at(spot.pointer)
  const scalar = host.host.scalarAt(host.pointer)
  if (scalar?.style !== 'literal') return outer
  const lines = scalar.raw.split('\n')
  const indent = /^ */.exec(lines[1] ?? '')?.[0].length ?? 0
  return { ...inner, file: outer.file, line: outer.line + inner.line, column: inner.column + indent, endLine: outer.line + inner.endLine, endColumn: inner.endColumn + indent, pointer: outer.pointer }
}
