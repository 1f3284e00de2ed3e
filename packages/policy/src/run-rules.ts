import type { JqEngine } from '@rollsync/argocd'
import { type Change, editDocument, ManifestsError, refText } from '@rollsync/manifests'
import type { Repository } from './discover/repository.ts'
import { type Finding, placeOf, sortFindings } from './finding.ts'
import type { JudgedCanary } from './judged-canary.ts'
import type { LiveState } from './live/live-object.ts'
import { fillMessage, type Rule, type Spot } from './rule.ts'

/** What the rules are run over. */
export interface Judged {
  readonly repository: Repository
  readonly canaries: readonly JudgedCanary[]
  readonly jq: JqEngine
  readonly live?: LiveState
}

export interface RuleAnswers {
  readonly findings: readonly Finding[]
  readonly unverified: readonly string[]
}

const nothingLive: LiveState = { objects: [], applications: [], others: 0 }

/** The rules that can run: those that speak of a cluster only where its objects were given. */
export function runnable(rules: readonly Rule[], live: 'given' | 'none'): readonly Rule[] {
  return live === 'given' ? rules : rules.filter(({ meta }) => meta.needs !== 'live')
}

/** Runs rules one after the other; the findings come in the order of every report. A rule that throws is a defect, and the error names it. */
export async function runRules(judged: Judged, rules: readonly Rule[]): Promise<RuleAnswers> {
  const findings: Finding[] = []
  const unverified: string[] = []
  const place = placing()
  for (const rule of rules) {
    const { meta } = rule
    const report = (id: string, spot: Spot, data: Readonly<Record<string, string | number>> = {}, hint: string = fillMessage(meta.hint, data), fix: readonly Change[] = []): void => {
      findings.push({ rule: meta.id, severity: meta.severity, message: fillMessage(meta.messages[id] ?? id, data), hint, ...place(spot), resource: spot.manifest.ref, ...(spot.moment === undefined ? {} : { moment: spot.moment }), ...fixOf(spot, fix) })
    }
    const context = { repository: judged.repository, applications: judged.repository.applications, canaries: judged.canaries, jq: judged.jq, live: judged.live ?? nothingLive, report, unverified: (sentence: string) => unverified.push(sentence) }
    try {
      await rule.check(context)
    } catch (cause) {
      throw new Error(`rule ${meta.id} failed on ${judged.canaries.map((one) => refText(one.scope.rollout.manifest.ref)).join(', ')}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    }
  }
  return { findings: sortFindings(distinct(findings)), unverified: [...new Set(unverified)] }
}

/** An edit that cannot be proven is none: the finding stands without it. */
function fixOf({ manifest }: Spot, changes: readonly Change[]): Pick<Finding, 'fix'> {
  if (changes.length === 0) return {}
  try {
    const fix = editDocument(manifest.document, changes.map((change) => ({ ...change, pointer: manifest.base + change.pointer })), { quotes: (text) => (/[|[\]]/.test(text) ? 'single' : 'when-needed') })
    return fix.length === 0 ? {} : { fix }
  } catch (error) {
    if (error instanceof ManifestsError) return {}
    throw error
  }
}

type Place = ReturnType<typeof placeOf>

/** Where a person finds a spot. A rule often says several things of one spot, one after the other. */
function placing(): (spot: Spot) => Place {
  let last: { readonly spot: Spot; readonly place: Place } | undefined
  return (spot) => {
    if (last !== undefined && last.spot.manifest === spot.manifest && last.spot.pointer === spot.pointer && last.spot.mark === spot.mark) return last.place
    const at = spot.mark === 'key' ? spot.manifest.keyAt(spot.pointer) : spot.manifest.at(spot.pointer)
    last = { spot, place: placeOf(at) }
    return last.place
  }
}

/** An Application that is judged for two Rollouts reports what concerns both once. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify([finding.rule, finding.file, finding.line, finding.column, finding.message]), finding])).values()]
}
