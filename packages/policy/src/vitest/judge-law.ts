import { type JqEngine, jqEngine } from '@rollsync/argocd'
import { argocdJudge, type CounterExample } from '@rollsync/ignore'
import { type KubeObject, refKey, refText, toYaml } from '@rollsync/manifests'
import { chooseVersions, type Versions } from '../check-policy.ts'
import { judgeRepository } from '../judge-repository.ts'
import type { JudgedCanary } from '../judged-canary.ts'
import { readableObject } from '../readable-object.ts'
import type { Rule } from '../rule.ts'
import driftCovered from '../rules/drift-covered.ts'
import expressionParses from '../rules/expression-parses.ts'
import noLostRoute from '../rules/no-lost-route.ts'
import { runRules } from '../run-rules.ts'
import { failed, findingTexts, type MatcherAnswer, passed, unreadable } from './answer.ts'
import type { LoadedRepository } from './load-repository.ts'

/** Which releases to judge by; the newest recorded ones where left out. */
export interface Releases {
  readonly argocd?: string
  readonly rollouts?: string
}

type JudgedLaw = 'covering' | 'sync-safe'

const ruleOf: Readonly<Record<JudgedLaw, Rule>> = { covering: driftCovered, 'sync-safe': noLostRoute }
const sentence: Readonly<Record<JudgedLaw, string>> = {
  covering: 'every state of every canary compares Synced',
  'sync-safe': 'a sync at any state keeps what the Rollouts controller wrote, and lands what Git changed',
}

/** Proves one law for every canary that an Application deploys. What cannot be known does not pass. */
export async function judgeLaw(loaded: LoadedRepository, law: JudgedLaw, releases: Releases = {}): Promise<MatcherAnswer> {
  const broken = unreadable(loaded)
  if (broken !== undefined) return broken
  const versions = chooseVersions({ ...(releases.argocd === undefined ? {} : { argocdVersion: releases.argocd }), ...(releases.rollouts === undefined ? {} : { rolloutsVersion: releases.rollouts }) })
  const jq = jqEngine({ gojq: versions.argocd.gojq })
  try {
    const canaries = await judgedOnce(loaded, versions, jq)
    return await answerOf(loaded, law, { canaries, versions, jq })
  } finally {
    await jq.close?.()
  }
}

const known = new WeakMap<LoadedRepository, Map<string, Promise<readonly JudgedCanary[]>>>()

/** The canaries that an Application deploys; the same releases are not asked twice of what was loaded once. */
function judgedOnce(loaded: LoadedRepository, versions: Versions, jq: JqEngine): Promise<readonly JudgedCanary[]> {
  const byReleases = known.get(loaded) ?? new Map<string, Promise<readonly JudgedCanary[]>>()
  known.set(loaded, byReleases)
  const key = `${versions.argocd.version} ${versions.rollouts.version}`
  const judged = byReleases.get(key) ?? judgeRepository(loaded.repository, versions, jq).then((all) => all.filter((one) => one.application !== undefined))
  byReleases.set(key, judged)
  return judged
}

interface Judged {
  readonly canaries: readonly JudgedCanary[]
  readonly versions: Versions
  readonly jq: JqEngine
}

async function answerOf(loaded: LoadedRepository, law: JudgedLaw, { canaries, versions, jq }: Judged): Promise<MatcherAnswer> {
  const by = `Argo CD ${versions.argocd.version}, Argo Rollouts ${versions.rollouts.version}`
  if (canaries.length === 0) return failed(`there is no canary that an Application of ${loaded.folder} deploys, so nothing is proven`, loaded.repository.notes)
  const { findings } = await runRules({ repository: loaded.repository, canaries, jq }, [expressionParses, ruleOf[law]])
  const unproven = canaries.filter((one) => one.verdict(law)?.verdict !== 'holds')
  if (findings.length === 0 && unproven.length === 0 && versions.unverified.length === 0) {
    return passed(`${sentence[law]} (${by}): ${canaries.map((one) => `${refText(one.scope.rollout.manifest.ref)}, ${one.verdict(law)?.checked}`).join('; ')}`)
  }
  const doubts = unproven.flatMap((one) => one.verdict(law)?.unverified ?? []).concat(versions.unverified).map((reason) => `unverified  ${reason}`)
  const head = findings.length > 0 ? `not so: ${sentence[law]} (${by})` : `not proven: ${sentence[law]} (${by})`
  const shown = await sidesOf(law, unproven, versions, jq)
  return failed(head, [...findingTexts(findings, loaded), ...new Set(doubts), ...(shown === undefined ? [] : [shown.legend])], shown?.sides)
}

interface Sides {
  readonly sides: NonNullable<MatcherAnswer['sides']>
  /** Which object at which moment, and which side is which. */
  readonly legend: string
}

/** The first object that breaks the law at its first moment: what ought to be, and what is. */
async function sidesOf(law: JudgedLaw, canaries: readonly JudgedCanary[], versions: Versions, jq: JqEngine): Promise<Sides | undefined> {
  for (const canary of canaries) {
    for (const example of canary.verdict(law)?.counterExamples ?? []) {
      if (example.gitChange !== undefined) continue
      for (const { git, live } of objectsAt(canary, example)) {
        const after = law === 'covering' ? live : await synced(canary, git, live, versions, jq)
        const sides = { expected: shown(law === 'covering' ? git : live), actual: shown(after ?? live) }
        const which = law === 'covering' ? '- what Git holds, + what the cluster holds' : '- what the cluster holds, + what a sync leaves of it'
        if (sides.expected !== sides.actual) return { sides, legend: `${refText(example.resource)} at ${example.moment}: ${which}` }
      }
    }
  }
  return undefined
}

/** The object in each state that has the moment's words: several can. */
function objectsAt({ canary }: JudgedCanary, { moment, resource }: CounterExample): readonly { readonly git: KubeObject; readonly live: KubeObject }[] {
  return canary.states.filter((one) => one.moment === moment).flatMap((state) => {
    const git = state.git.get(refKey(resource))
    const live = state.live.get(refKey(resource))
    return git === undefined || live === undefined ? [] : [{ git, live }]
  })
}

async function synced({ application }: JudgedCanary, git: KubeObject, live: KubeObject, versions: Versions, jq: JqEngine): Promise<KubeObject | undefined> {
  if (application === undefined) return undefined
  const { spec, manifest } = application
  const judge = argocdJudge({ application: manifest.ref.name, profile: versions.argocd, mode: spec.compareMode, rules: spec.ignoreDifferences, syncOptions: spec.syncOptions, jq })
  const result = await judge.sync(git, live, git)
  return result.outcome === 'applied' ? withoutTracking(result.live) : undefined
}

function withoutTracking(object: KubeObject): KubeObject {
  const annotations = Object.fromEntries(Object.entries(object.metadata.annotations ?? {}).filter(([key]) => key !== 'argocd.argoproj.io/tracking-id' && key !== 'kubectl.kubernetes.io/last-applied-configuration'))
  return { ...object, metadata: { ...object.metadata, annotations } }
}

function shown(object: KubeObject): string {
  return toYaml(readableObject(object))
}
