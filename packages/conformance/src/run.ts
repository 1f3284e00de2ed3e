import { findVectors } from './find-vectors.ts'
import { countOutcome, type Failure, type Row, type Tally } from './tally.ts'
import type { Outcome, VectorCase, VectorFile, VectorKind } from './vector.ts'

/** Which vectors to run. */
export interface Selection {
  readonly folder: string
  /** Keeps cases whose `kind/group/name` contains this text. */
  readonly only?: string
  /** Keeps cases of this version; a leading `v` may be left out. */
  readonly version?: string
  /** How many failures are kept with their difference. */
  readonly shown: number
  /** Which part of the cases, of how many; all versions of a case fall into the same part. */
  readonly shard: { readonly index: number; readonly of: number }
}

/** One case, where it was found and its place among all cases. */
export interface FoundCase {
  readonly order: number
  readonly path: string
  readonly kind: VectorKind
  readonly case: VectorCase
}

/** Receives the files that hold no cases. */
export interface Unused {
  readonly unreadable: (path: string, why: string) => void
  readonly unknown: (path: string, why: string) => void
}

/** Runs the selected vectors one after another, each computed from its inputs alone; a case that throws has failed. */
export const runVectors = async (kinds: readonly VectorKind[], selection: Selection): Promise<Tally> => {
  const rows = new Map<string, Row>()
  const failures: Failure[] = []
  const unreadable = new Map<string, string>()
  const unknown = new Map<string, string>()
  const unused: Unused = { unreadable: (path, why) => unreadable.set(path, why), unknown: (path, why) => unknown.set(path, why) }
  for (const found of listCases(kinds, selection.folder, unused)) {
    const { kind } = found.kind
    if (!isSelected(found, selection)) continue
    const outcome = await runCase(found.case)
    const key = `${kind}\n${found.case.group}\n${found.case.version}`
    rows.set(key, countOutcome(rows.get(key), kind, found.case, outcome))
    if (outcome.outcome === 'failed' && failures.length < selection.shown) {
      const { group, version, name } = found.case
      failures.push({ order: found.order, kind, path: found.path, group, version, name, difference: outcome.difference })
    }
  }
  for (const kind of kinds) await kind.close?.()
  return { rows, failures, unreadable, unknown }
}

/** Every case below a folder in the order of paths; memory holds one file or pack at a time. */
export function* listCases(kinds: readonly VectorKind[], folder: string, unused: Unused): Generator<FoundCase> {
  let order = 0
  const beside = new Set<string>()
  const unknown = new Map<string, string>()
  for (const found of findVectors(folder)) {
    if (found.found === 'unreadable') {
      unused.unreadable(found.path, found.why)
      continue
    }
    const file = watchSiblings(found.file, beside)
    try {
      const kind = kinds.find((candidate) => candidate.recognise(file))
      if (kind === undefined) unknown.set(found.path, describeFormat(file.json))
      else for (const one of kind.cases(file)) yield { order: order++, path: found.path, kind, case: named(one) }
    } catch (error) {
      // A file that names a format and does not keep to it.
      unused.unreadable(found.path, error instanceof Error ? error.message : String(error))
    }
  }
  for (const [path, why] of unknown) if (!beside.has(path)) unused.unknown(path, why)
}

const named = (one: VectorCase): VectorCase => {
  if ([one.group, one.version, one.name].every((text) => typeof text === 'string')) return one
  throw new Error('a case says no group, version or name')
}

/** Runs one case; what it throws is its difference. */
export const runCase = async (one: VectorCase): Promise<Outcome> => {
  try {
    return await one.run()
  } catch (error) {
    return { outcome: 'failed', difference: `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}` }
  }
}

const isSelected = ({ kind, case: one }: FoundCase, selection: Selection): boolean => {
  const { only, version, shard } = selection
  if (only !== undefined && !`${kind.kind}/${one.group}/${one.name}`.includes(only)) return false
  if (version !== undefined && one.version.replace(/^v/, '') !== version.replace(/^v/, '')) return false
  return shard.of === 1 || hash(`${one.group}/${one.name}`) % shard.of === shard.index
}

/** A file that another one names as its sibling is part of that one, not of an unknown format. */
const watchSiblings = (file: VectorFile, beside: Set<string>): VectorFile => ({
  ...file,
  sibling: (name) => {
    const json = file.sibling(name)
    if (json !== undefined) beside.add(`${file.path.slice(0, file.path.lastIndexOf('/') + 1)}${name}`)
    return json
  },
})

const describeFormat = (json: unknown): string => {
  const format = typeof json === 'object' && json !== null && 'format' in json ? json.format : undefined
  return typeof format === 'string' ? `format ${JSON.stringify(format)} is not known` : 'it names no format'
}

/** FNV-1a over UTF-16 units: spreads names evenly and never changes. */
const hash = (text: string): number => {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  return value >>> 0
}
