import type { ArgocdProfile, CompareMode, CustomSchemas, IgnoreDifference, JqEngine } from '@rollsync/argocd'
import { isMap, type Manifest } from '@rollsync/manifests'
import { advise, adviceText } from './advise.ts'
import { argocdJudge, type JudgeSettings } from './argocd-judge.ts'
import { type CanaryCase, pairsOf } from './canary-case.ts'
import { derive } from './derive.ts'
import { IgnoreError } from './ignore-error.ts'
import { type IgnoreRule, toIgnoreDifferences } from './ignore-rule.ts'
import { covering } from './laws/covering.ts'
import { syncSafe } from './laws/sync-safe.ts'
import { type BrokenExpression, brokenExpressions } from './mend.ts'
import type { AlbSettings } from './routes.ts'
import { type ApplicationWish, markedEntries } from './targets/application.ts'

/** One canary as an Application sees it, with what its Rollout says of its ALB. */
export interface PlannedCanary {
  readonly canary: CanaryCase
  readonly alb: AlbSettings | undefined
}

export interface PlanSettings {
  readonly profile: ArgocdProfile
  readonly mode: CompareMode
  readonly syncOptions: readonly string[]
  readonly ignoreDifferences: readonly IgnoreDifference[]
  readonly jq: JqEngine
  readonly argocdCm?: Readonly<Record<string, string>>
  /** `ignored` plans as if a person had written no rule yet, for a block to be pasted elsewhere. */
  readonly byHand?: 'kept' | 'ignored'
  /** Types of custom resources, from the definitions that stand beside the manifests. */
  readonly schemas?: CustomSchemas
  /** Whether sync options are weighed too, which takes a while. */
  readonly advice?: 'wanted'
}

/** What an Application needs: the text to write, and why. `mended` are hand-written expressions that did not parse, `rules` ours, each with its moments. */
export interface RulesPlan {
  readonly wish: ApplicationWish
  readonly mended: readonly (BrokenExpression & { readonly joined: string })[]
  readonly rules: readonly IgnoreRule[]
  /** Which sync options lose least with these rules, and what stays exposed, in sentences; empty where not wanted. */
  readonly advice: readonly string[]
}

/**
 * The smallest addition to what a person wrote that keeps every canary of the Application Synced, and the sync option that exposes least where no anchor protects the route.
 * Throws an IgnoreError `BROKEN_EXPRESSION` for a hand-written expression that does not parse and that joining its lines does not mend.
 */
export async function planRules(application: Manifest, canaries: readonly PlannedCanary[], settings: PlanSettings): Promise<RulesPlan> {
  const mended = settings.byHand === 'ignored' ? [] : await mendable(application, settings.jq)
  const byHand = settings.byHand === 'ignored' ? [] : handWritten(application, settings.ignoreDifferences, mended)
  const judgeOf = (rules: readonly IgnoreDifference[], syncOptions = settings.syncOptions): ReturnType<typeof argocdJudge> =>
    argocdJudge(judgeSettings(application, settings, rules, syncOptions))
  const pairs = canaries.flatMap(({ canary }) => pairsOf(canary))
  const covers = async (rules: readonly IgnoreRule[]): Promise<boolean> =>
    (await covering(pairs, judgeOf([...byHand, ...toIgnoreDifferences(rules)]))).verdict === 'holds'
  let rules: readonly IgnoreRule[] = canaries.flatMap(({ canary, alb }) => derive(canary, { alb, mode: settings.mode }))
  if (await covers([])) rules = []
  // Each part that is not needed beside the others goes; where covering cannot be had at all, everything derived stays.
  else if (await covers(rules)) {
    for (const rule of rules) {
      const rest = rules.filter((other) => other !== rule)
      if (await covers(rest)) rules = rest
    }
  }
  const all = [...byHand, ...toIgnoreDifferences(rules)]
  const syncOptions = await wantedOptions(canaries, settings.syncOptions, (options) => judgeOf(all, options))
  const judged = (options: readonly string[]): ReturnType<typeof argocdJudge> => judgeOf(all, options)
  const advice = settings.advice === 'wanted' ? adviceText(await advise(canaries, [...settings.syncOptions, ...syncOptions], judged)) : []
  return { wish: { rules: toIgnoreDifferences(rules), mended: mended.map(({ pointer, joined }) => ({ pointer, expression: joined })), syncOptions }, mended, rules, advice }
}

function judgeSettings(application: Manifest, settings: PlanSettings, rules: readonly IgnoreDifference[], syncOptions: readonly string[]): JudgeSettings {
  return { application: application.ref.name, profile: settings.profile, mode: settings.mode, rules, syncOptions, jq: settings.jq, ...(settings.argocdCm === undefined ? {} : { argocdCm: settings.argocdCm }), ...(settings.schemas === undefined ? {} : { schemas: settings.schemas }) }
}

async function mendable(application: Manifest, jq: JqEngine): Promise<readonly (BrokenExpression & { readonly joined: string })[]> {
  const { broken } = await brokenExpressions(application, jq)
  return broken.map((one) => {
    if (one.joined !== undefined) return { ...one, joined: one.joined }
    const at = application.at(one.pointer)
    throw new IgnoreError('BROKEN_EXPRESSION', `${at.file}:${at.line}:${at.column}: gojq rejects this expression: ${one.error}`, {
      hint: 'mend it by hand first: as long as it stands, Argo CD takes the whole Application to Unknown',
    })
  })
}

/** The entries that a person wrote, as they will read when mended. */
function handWritten(application: Manifest, rules: readonly IgnoreDifference[], mended: readonly { readonly pointer: string; readonly joined: string }[]): readonly IgnoreDifference[] {
  const ours = new Set(markedEntries(application).map(({ index }) => index))
  const entries = isMap(application.value['spec']) ? application.value['spec']['ignoreDifferences'] : undefined
  if (!Array.isArray(entries) || entries.length !== rules.length) return rules
  return rules.flatMap((rule, index) => {
    if (ours.has(index)) return []
    const expressions = rule.jqPathExpressions?.map((text, at) => mended.find((one) => one.pointer === `/spec/ignoreDifferences/${index}/jqPathExpressions/${at}`)?.joined ?? text)
    return [expressions === undefined ? rule : { ...rule, jqPathExpressions: expressions }]
  })
}

const onlyOutOfSync = 'ApplyOutOfSyncOnly=true'

/** ApplyOutOfSyncOnly, where it makes a difference: with it a sync leaves a Synced Ingress alone. Proven, not assumed. */
async function wantedOptions(canaries: readonly PlannedCanary[], present: readonly string[], judgeOf: (options: readonly string[]) => ReturnType<typeof argocdJudge>): Promise<readonly string[]> {
  if (present.includes(onlyOutOfSync)) return []
  const harms = async (options: readonly string[]): Promise<number> => {
    let count = 0
    for (const { canary, alb } of canaries) {
      const { counterExamples } = await syncSafe(pairsOf(canary), judgeOf(options), alb)
      count += counterExamples.filter((one) => one.gitChange === undefined).length
    }
    return count
  }
  const without = await harms(present)
  return without > 0 && (await harms([...present, onlyOutOfSync])) < without ? [onlyOutOfSync] : []
}
