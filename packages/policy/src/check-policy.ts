import { type ArgocdProfile, argocdProfile, argocdVersions, jqEngine, type JqEngine } from '@rollsync/argocd'
import { rolloutsProfile, type RolloutsProfile, rolloutsVersions } from '@rollsync/rollouts'
import { lbcProfile, type LbcProfile } from '@rollsync/lbc'
import type { Verdict } from '@rollsync/ignore'
import { type KubeObject, refText } from '@rollsync/manifests'
import { configureRules } from './config/configure-rules.ts'
import { checkedObjects } from './checked-objects.ts'
import type { Repository } from './discover/repository.ts'
import type { Finding, Proof, Report } from './finding.ts'
import type { JudgeThreads } from './judge/ahead.ts'
import { judgeRepository } from './judge-repository.ts'
import type { JudgedCanary } from './judged-canary.ts'
import { PolicyError } from './policy-error.ts'
import type { Rule } from './rule.ts'
import { rules as allRules } from './rules/index.ts'
import { judgeLive } from './live/judge-live.ts'
import { runnable, runRules } from './run-rules.ts'
import { systemSettings } from './system-settings.ts'
import { type ChangedFile, touchedBy } from './touched-by.ts'
import { settleFindings } from './suppressions/settle-findings.ts'

export interface PolicySettings {
  /** Versions such as `3.5` or `v1.10.2`; the newest recorded ones where left out. */
  readonly argocdVersion?: string
  readonly rolloutsVersion?: string
  /** The AWS Load Balancer Controller, such as `v2.13`. */
  readonly lbcVersion?: string
  readonly rules?: readonly Rule[]
  readonly jq?: JqEngine
  /** Files that differ from a former state of the repository, removed ones among them: only what they touch, and what depends on it, is judged and reported. */
  readonly changed?: readonly ChangedFile[]
  /** What one cluster holds now, as `readLiveObjects` reads it: beside the laws, its present state is judged. */
  readonly live?: readonly KubeObject[]
  /** Starts threads that judge beside this one, where many Rollouts differ in more than names; the answer is the same. */
  readonly threads?: JudgeThreads
  /** Told after each Rollout. */
  readonly onProgress?: (done: number, of: number) => void
}

/** Runs every rule over a repository. Throws a PolicyError for a version that is none or of which nothing is known. */
export async function checkPolicy(repository: Repository, settings: PolicySettings = {}): Promise<Report> {
  const versions = chooseVersions(settings)
  const jq = settings.jq ?? jqEngine({ gojq: versions.argocd.gojq })
  try {
    const touched = settings.changed === undefined ? undefined : touchedBy(repository, settings.changed)
    const system = await systemSettings(repository, versions.argocd, jq)
    const canaries = await judgeRepository(repository, versions, jq, { ...(system.argocdCm === undefined ? {} : { argocdCm: system.argocdCm }), ...(touched === undefined ? {} : { canaries: touched.canaries }), ...(settings.onProgress === undefined ? {} : { onProgress: settings.onProgress }), ...(settings.threads === undefined ? {} : { threads: settings.threads }) })
    const rules = runnable(settings.rules ?? configureRules(allRules, {}), settings.live === undefined ? 'none' : 'given')
    const live = settings.live === undefined ? undefined : await judgeLive(settings.live, { repository, canaries, profiles: versions, jq, ...(system.argocdCm === undefined ? {} : { argocdCm: system.argocdCm }) })
    const { findings: every, unverified } = await runRules({ repository, canaries, jq, ...(live === undefined ? {} : { live }) }, rules)
    const all = touched === undefined ? every : every.filter(({ file }) => touched.files.has(file))
    const known = [...new Set([...allRules, ...rules].map((rule) => rule.meta.id))]
    const { findings, suppressed } = settleFindings({ findings: all, rules, known }, repository.manifests)
    const proofs = canaries.flatMap((canary) => (canary.verdicts.length === 0 ? [] : [proofOf(canary, versions)]))
    const unknown = canaries.flatMap((canary) => canary.verdicts.flatMap((one) => lawDoubts(canary, one)))
    return {
      version: 1,
      argocd: versions.argocd.version,
      rollouts: versions.rollouts.version,
      findings,
      suppressed,
      checked: checkedObjects(repository),
      diagnostics: repository.diagnostics,
      proofs,
      unverified: [...versions.unverified, ...repository.notes, ...(system.unreadable === undefined ? [] : [system.unreadable]), ...unverified, ...new Set(unknown), ...new Set(live?.objects.flatMap((one) => one.unverified))],
      summary: { ...summaryOf(repository, findings), suppressed: suppressed.length },
      ...(live === undefined ? {} : { live: { objects: live.objects.length, applications: live.applications.length, others: live.others } }),
    }
  } finally {
    if (settings.jq === undefined) await jq.close?.()
  }
}

/** Why a law is not known to hold for a canary, as the sentences of a report. */
export function lawDoubts(canary: JudgedCanary, verdict: Verdict): readonly string[] {
  return verdict.unverified.map((reason) => `${refText(canary.scope.rollout.manifest.ref)}: ${verdict.law}: ${reason}`)
}

/** The profiles asked for; `unverified` says which profile stands in for a version that was not recorded. */
export interface Versions {
  readonly argocd: ArgocdProfile
  readonly rollouts: RolloutsProfile
  /** Where one was asked for; the newest recorded one else. */
  readonly lbc?: LbcProfile
  readonly unverified: readonly string[]
}

export function chooseVersions(settings: Pick<PolicySettings, 'argocdVersion' | 'rolloutsVersion' | 'lbcVersion'>): Versions {
  const wantedArgocd = settings.argocdVersion ?? argocdVersions[0] ?? ''
  const argocd = argocdProfile(wantedArgocd)
  if (argocd === undefined) {
    throw new PolicyError('UNKNOWN_VERSION', `nothing is known of Argo CD ${wantedArgocd}`, { hint: `recorded versions: ${argocdVersions.join(', ')}` })
  }
  const wantedRollouts = settings.rolloutsVersion ?? rolloutsVersions[0] ?? ''
  const rollouts = rolloutsProfile(wantedRollouts)
  const lbc = settings.lbcVersion === undefined ? undefined : lbcProfile(settings.lbcVersion)
  const unverified = [
    ...(argocd.recorded ? [] : [`Argo CD ${wantedArgocd} was not recorded: ${argocd.standsIn} stands in, with what is known to differ`]),
    ...(rollouts.recorded ? [] : [`Argo Rollouts ${wantedRollouts} was not recorded: ${rollouts.standsIn} stands in`]),
    ...(lbc === undefined || lbc.recorded ? [] : [`${lbc.because}: ${lbc.standsIn} stands in`]),
  ]
  return { argocd: argocd.profile, rollouts: rollouts.profile, ...(lbc === undefined ? {} : { lbc: lbc.profile }), unverified }
}

function proofOf(canary: JudgedCanary, versions: Versions): Proof {
  return {
    rollout: canary.scope.rollout.manifest.ref,
    ...(canary.application === undefined ? {} : { application: canary.application.manifest.ref }),
    argocd: versions.argocd.version,
    rollouts: versions.rollouts.version,
    states: canary.stateCount,
    laws: canary.verdicts.map(({ law, verdict, checked }) => ({ law, verdict, checked })),
  }
}

function summaryOf(repository: Repository, findings: readonly Finding[]): Omit<Report['summary'], 'suppressed'> {
  const count = (severity: Finding['severity']): number => findings.filter((one) => one.severity === severity).length
  return {
    files: repository.files,
    applications: repository.applications.length,
    rollouts: repository.canaries.length,
    errors: count('error'),
    warnings: count('warning'),
    infos: count('info'),
  }
}
