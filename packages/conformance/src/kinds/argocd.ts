import {
  applyAs, type ApplyMethod, argocdProfile, changedBy, compare, type CompareMode, type CompiledRules, compileRules, type GojqVersion, type IgnoreDifference, type JqEngine,
  ignoreFields, jqEngine, normalizeSides, respectIgnore,
} from '@rollsync/argocd'
import { jsonEqual } from '@rollsync/manifests'
import { rememberAnswers } from '../remember-answers.ts'
import type { Outcome, VectorCase, VectorFile, VectorKind } from '../vector.ts'

type Objects = Readonly<Record<string, unknown>>

interface ArgocdFile {
  readonly format: string
  readonly group: string
  readonly objects: Objects
  readonly cases: readonly RecordedCase[]
}

interface RecordedCase {
  readonly name: string
  readonly target: string | null
  readonly live: string | null
  readonly liveVariant?: string
  readonly liveManager?: string
  readonly object?: string
  readonly ignoreDifferences: readonly IgnoreDifference[] | null
  readonly argocdCm: Readonly<Record<string, string>> | null
  readonly includeMutationWebhook?: boolean
  readonly results: readonly RecordedResult[]
}

interface RecordedResult {
  readonly versions: readonly string[]
  readonly compare?: Partial<Record<CompareMode, RecordedComparison>>
  readonly normalized?: { readonly target?: string | null; readonly live?: string | null; readonly swallowed?: readonly string[] | null; readonly error?: string }
  readonly rid?: { readonly target?: string | null; readonly error?: string; readonly message?: string; readonly panic?: unknown }
  readonly sync?: { readonly withoutRid?: RecordedSyncs; readonly withRid?: RecordedSyncs | string }
  readonly object?: string | null
  readonly error?: string
  readonly swallowed?: readonly string[] | null
}

interface RecordedComparison {
  readonly sync: string
  readonly modified?: boolean
  readonly error?: string
  readonly condition?: string
  readonly normalizedLive?: string | null
  readonly predictedLive?: string | null
  readonly droppedByApplyOutOfSyncOnly?: boolean
}

type RecordedSyncs = Readonly<Record<'csa' | 'ssa' | 'replace', { readonly object?: string; readonly lastApplied?: boolean; readonly error?: string }>>

interface Question {
  readonly recorded: RecordedCase
  readonly objects: Objects
  readonly version: string
  readonly expected: RecordedResult
  readonly rules: () => CompiledRules | Promise<CompiledRules>
}

/** With the engines that people get: our grammar, and beyond it gojq or jq, as they are installed. */
export const argocd: VectorKind = argocdKind((gojq) => rememberAnswers(jqEngine({ gojq })))

/** Argo CD's comparison, normalisers, RespectIgnoreDifferences and syncs: one case per recorded case, version and aspect. */
export function argocdKind(engineOf: (gojq: GojqVersion) => JqEngine): VectorKind {
  const engines = new Map<GojqVersion, JqEngine>()
  const engine = (gojq: GojqVersion): JqEngine => {
    if (!engines.has(gojq)) engines.set(gojq, engineOf(gojq))
    return engines.get(gojq)!
  }
  return {
    kind: 'argocd',
    recognise: (file) => (file.json as { format?: unknown; cases?: unknown } | null)?.format === 'rollsync-argocd-vectors/1' && Array.isArray((file.json as ArgocdFile).cases),
    cases: (file) => cases(file, engine),
    close: async () => { for (const one of engines.values()) await one.close?.() },
  }
}

function* cases(file: VectorFile, engine: (gojq: GojqVersion) => JqEngine): Iterable<VectorCase> {
  const { group, objects, cases: all } = file.json as ArgocdFile
  for (const recorded of all) {
    for (const expected of recorded.results) {
      for (const version of expected.versions) {
        const question: Question = { recorded, objects, version, expected, rules: rulesOf(recorded, version, engine) }
        for (const [aspect, judge] of aspects(question)) {
          yield { group, version, name: `${recorded.name} [${aspect}]`, run: () => (argocdProfile(version)?.recorded ? judge() : { outcome: 'skipped', reason: `no profile for ${version}` }) }
        }
      }
    }
  }
}

function rulesOf(recorded: RecordedCase, version: string, engine: (gojq: GojqVersion) => JqEngine): Question['rules'] {
  let compiled: CompiledRules | Promise<CompiledRules> | undefined
  return () => {
    const { profile } = argocdProfile(version)!
    return compiled ??= compileRules(recorded.ignoreDifferences ?? [], { profile, jq: engine(profile.gojq), argocdCm: recorded.argocdCm ?? {} })
  }
}

type Judge = () => Outcome | Promise<Outcome>

function* aspects(question: Question): Iterable<readonly [string, Judge]> {
  const { recorded, expected } = question
  if (recorded.object !== undefined) { yield ['ignore', () => judgeIgnore(question)]; return }
  for (const mode of ['legacy', 'smd', 'ssd'] as const) if (expected.compare?.[mode]) yield [`compare.${mode}`, () => judgeCompare(question, mode, expected.compare![mode]!)]
  if (expected.normalized) yield ['normalized', () => judgeNormalized(question, expected.normalized!)]
  if (expected.rid) yield ['rid', () => judgeRid(question, expected.rid!)]
  if (recorded.liveVariant === 'csa-mf') yield ['managedFields', () => judgeOwners(question)]
  const { withoutRid, withRid } = expected.sync ?? {}
  const respecting = typeof withRid === 'string' ? withoutRid : withRid
  for (const how of ['csa', 'ssa', 'replace'] as const) {
    if (withoutRid) yield [`sync.${how}`, () => judgeSync(question, how, 'no rid', withoutRid)]
    if (respecting) yield [`sync.${how}+rid`, () => judgeSync(question, how, 'rid', respecting)]
  }
}

function objectOf(question: Question, id: string | null | undefined): object | null {
  return id === null || id === undefined ? null : (question.objects[id] as object)
}

async function judgeIgnore(question: Question): Promise<Outcome> {
  const { expected } = question
  const sides = await ignoreFields(objectOf(question, question.recorded.object)!, await question.rules())
  if (sides.normalized === 'unverified') return { outcome: 'skipped', reason: sides.reason }
  if (sides.normalized !== 'sides') return verdict({ error: expected.error }, { error: sides.error })
  return verdict({ error: expected.error, object: objectOf(question, expected.object), swallowed: expected.swallowed ?? [] },
    { error: undefined, object: sides.target, swallowed: sides.swallowed })
}

async function judgeCompare(question: Question, mode: CompareMode, expected: RecordedComparison): Promise<Outcome> {
  const { recorded } = question
  const target = objectOf(question, recorded.target)
  const live = objectOf(question, recorded.live)
  const mutationWebhook = recorded.includeMutationWebhook === true ? 'include' : 'exclude'
  const ours = await compare(target, live, { rules: await question.rules(), mode, mutationWebhook })
  switch (ours.sync) {
    case 'unverified': return { outcome: 'skipped', reason: ours.reason }
    case 'panic': return verdict(expected.sync, 'panic')
    case 'Unknown': return verdict({ sync: expected.sync, error: expected.error, condition: expected.condition }, { sync: ours.sync, error: ours.error, condition: ours.condition })
    case 'Synced': case 'OutOfSync': return verdict(
      { sync: expected.sync, error: expected.error, modified: expected.modified, normalizedLive: objectOf(question, expected.normalizedLive), predictedLive: objectOf(question, expected.predictedLive) },
      { sync: ours.sync, error: undefined, modified: ours.sync === 'OutOfSync' && target !== null, normalizedLive: ours.normalizedLive, predictedLive: ours.predictedLive },
    )
    default: return ours satisfies never
  }
}

async function judgeNormalized(question: Question, expected: NonNullable<RecordedResult['normalized']>): Promise<Outcome> {
  const ours = await normalizeSides(objectOf(question, question.recorded.target), objectOf(question, question.recorded.live), await question.rules())
  switch (ours.normalized) {
    case 'unverified': return { outcome: 'skipped', reason: ours.reason }
    case 'panic': case 'failed': return verdict({ error: expected.error }, { error: ours.error })
    case 'sides': return verdict(
      { error: expected.error, target: objectOf(question, expected.target), live: objectOf(question, expected.live), swallowed: expected.swallowed ?? [] },
      { error: undefined, target: ours.target, live: ours.live, swallowed: ours.swallowed },
    )
    default: return ours satisfies never
  }
}

async function judgeRid(question: Question, expected: NonNullable<RecordedResult['rid']>): Promise<Outcome> {
  const ours = await respectIgnore(objectOf(question, question.recorded.target), objectOf(question, question.recorded.live), await question.rules())
  switch (ours.respecting) {
    case 'unverified': return { outcome: 'skipped', reason: ours.reason }
    case 'panic': return verdict({ error: expected.error }, { error: ours.error })
    case 'failed': return verdict({ error: expected.error, message: expected.message }, { error: ours.error, message: ours.message })
    case 'target': return verdict({ error: expected.error, target: objectOf(question, expected.target) }, { error: undefined, target: ours.target })
    default: return ours satisfies never
  }
}

interface OwnedObject {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>>; readonly managedFields?: readonly { readonly time?: string }[] }
}

/** A live object of variant csa-mf tells how it came about: what was deployed, applied on the client side, then changed by another manager. */
function judgeOwners(question: Question): Outcome {
  const live = objectOf(question, question.recorded.live) as OwnedObject | null
  const manifest = live && deployed(live, objectOf(question, question.recorded.target))
  if (!manifest) return { outcome: 'skipped', reason: 'the last applied configuration is not there to start from' }
  const created = applyAs(manifest, null, 'client side')
  if (created.outcome !== 'applied') return { outcome: 'failed', difference: `creating it: ${JSON.stringify(created)}` }
  const changed = changedBy(created.live, live, question.recorded.liveManager ?? '') as unknown as OwnedObject
  return verdict(ownersOf(live), ownersOf(changed))
}

/** The last applied configuration; where the other manager overwrote it with what is no JSON, Git's manifest, which then has not changed since. */
function deployed(live: OwnedObject, target: object | null): object | null {
  const text = live.metadata.annotations?.['kubectl.kubernetes.io/last-applied-configuration']
  if (text === undefined) return null
  try {
    return JSON.parse(text) as object
  } catch {
    return target
  }
}

function ownersOf(object: OwnedObject): unknown {
  return (object.metadata.managedFields ?? []).map(({ time: _, ...entry }) => JSON.stringify(entry, Object.keys(entry).toSorted().concat(allKeys(entry)))).toSorted()
}

function allKeys(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? [...new Set(Object.entries(value).flatMap(([key, inner]) => [key, ...allKeys(inner)]))].toSorted() : []
}

const methods: Readonly<Record<'csa' | 'ssa' | 'replace', ApplyMethod>> = { csa: 'client side', ssa: 'server side', replace: 'replace' }

async function judgeSync(question: Question, how: 'csa' | 'ssa' | 'replace', respecting: 'rid' | 'no rid', all: RecordedSyncs): Promise<Outcome> {
  const expected = all[how]
  let target = objectOf(question, question.recorded.target)
  const live = objectOf(question, question.recorded.live)
  if (respecting === 'rid') {
    const answer = await respectIgnore(target, live, await question.rules())
    if (answer.respecting === 'unverified') return { outcome: 'skipped', reason: answer.reason }
    if (answer.respecting !== 'target') return { outcome: 'failed', difference: `recorded a sync, ours stops: ${answer.error}` }
    target = answer.target
  }
  if (!target) return { outcome: 'skipped', reason: 'an object that Git does not hold is pruned, not applied' }
  const ours = applyAs(target, live, methods[how])
  switch (ours.outcome) {
    case 'unverified': return { outcome: 'skipped', reason: ours.reason }
    case 'failed': return verdict({ error: expected.error }, { error: ours.message })
    case 'dropped': return { outcome: 'failed', difference: 'dropped' }
    case 'applied': return verdict(
      { error: expected.error, object: objectOf(question, expected.object), lastApplied: expected.lastApplied ?? false },
      { error: undefined, object: asRecorded(ours.live), lastApplied: ours.lastApplied === 'present' },
    )
    default: return ours satisfies never
  }
}

/** The part of an object that the recorder keeps of a sync's result. */
function asRecorded(object: object): unknown {
  const { apiVersion: _, kind: __, metadata, status: ___, ...rest } = object as Record<string, unknown>
  const { annotations, labels } = (metadata ?? {}) as { annotations?: Record<string, string>; labels?: Record<string, string> }
  const others = Object.fromEntries(Object.entries(annotations ?? {}).filter(([key]) => key !== 'kubectl.kubernetes.io/last-applied-configuration'))
  return { ...rest, annotations: others, labels: labels ?? {} }
}

function verdict(recorded: unknown, ours: unknown): Outcome {
  if (jsonEqual(recorded, ours)) return { outcome: 'passed' }
  const places = differences(recorded, ours, '').slice(0, 8)
  return { outcome: 'failed', difference: places.join('\n') }
}

function differences(recorded: unknown, ours: unknown, at: string): string[] {
  if (jsonEqual(recorded, ours)) return []
  if (typeof recorded === 'object' && recorded !== null && typeof ours === 'object' && ours !== null && Array.isArray(recorded) === Array.isArray(ours)) {
    const left = new Map(Object.entries(recorded))
    const right = new Map(Object.entries(ours))
    return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) => differences(left.get(key), right.get(key), `${at}/${key}`))
  }
  return [`${at === '' ? '/' : at}: recorded ${JSON.stringify(recorded)}, ours ${JSON.stringify(ours)}`]
}
