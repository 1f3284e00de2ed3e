import { type CustomSchemas, type JqEngine, readCustomSchemas } from '@rollsync/argocd'
import { brokenExpressions, type Law } from '@rollsync/ignore'
import { type KubeObject, refOf } from '@rollsync/manifests'
import type { ApplicationScope, CanaryScope, Repository } from './discover/repository.ts'
import { placeAnchors, simulatedWorld } from './explore-repository.ts'
import { judgeAhead, type JudgeThreads } from './judge/ahead.ts'
import { type Facts, factsOf, indexRouted, type ScopeFacts } from './judge/facts.ts'
import { ownedBy } from './judge/judge-facts.ts'
import { once, plainJudge, type ScopeAnswer, sharedJudge } from './judge/share.ts'
import type { JudgedCanary, Profiles } from './judged-canary.ts'
import { routedAround } from './routed-around.ts'

/** From so many Rollouts on, those that are equal but for names are judged once; below, the few seconds are not worth the detour. */
const manyRollouts = 16

/** `canaries` are those to judge, by default all. */
export interface JudgeOptions {
  readonly canaries?: readonly CanaryScope[]
  readonly onProgress?: (done: number, of: number) => void
  readonly argocdCm?: Readonly<Record<string, string>>
  readonly threads?: JudgeThreads
}

/** Explores every Rollout of a repository and proves the laws for each Application that owns objects of it. A Rollout without any Application is explored, and nothing proven. */
export async function judgeRepository(repository: Repository, profiles: Profiles, jq: JqEngine, { canaries = repository.canaries, onProgress, argocdCm, threads }: JudgeOptions = {}): Promise<readonly JudgedCanary[]> {
  const routed = indexRouted(routedAround(repository))
  const judging = { ...profiles, schemas: customSchemas(repository), jq, ...(argocdCm === undefined ? {} : { argocdCm }) }
  const shared = canaries.length < manyRollouts ? undefined : sharedJudge(judging)
  const judge = shared?.judge ?? plainJudge(judging)
  // With one expression that does not parse all is Unknown: expression-parses says so, and nothing else can be said.
  const isProvable = async ({ manifest }: ApplicationScope): Promise<boolean> => (await brokenExpressions(manifest, jq)).broken.length === 0
  const judged: JudgedCanary[] = []
  let coming: readonly Facts[] = []
  try {
    for (const [index, scope] of canaries.entries()) {
      const { facts, applications } = coming[index] ?? (await factsOf(scope, routed, isProvable))
      judged.push(...judgedScope({ scope, facts, applications, answer: await judge(facts), profiles }))
      onProgress?.(index + 1, canaries.length)
      if (shared === undefined || threads === undefined || argocdCm !== undefined || coming.length > 0 || shared.forms() < fewForms || canaries.length - index < manyRollouts) continue
      coming = await comingFacts(canaries, index + 1, (one) => factsOf(one, routed, isProvable))
      shared.ahead(coming.slice(index + 1).map((one) => one.facts), (all) => (all.length < threads.least ? undefined : judgeAhead({ facts: all, profiles, definitions: definitionsIn(repository) }, threads.start)))
    }
  } finally {
    await shared?.stop()
  }
  return judged
}

/** As many forms must have been seen before threads are started for the rest: a fleet from one template never needs them. */
const fewForms = 3

/** The facts of what is not judged yet, at their places in the list. */
async function comingFacts(canaries: readonly CanaryScope[], from: number, of: (scope: CanaryScope) => Promise<Facts>): Promise<readonly Facts[]> {
  const all: Facts[] = []
  for (const [index, scope] of canaries.entries()) if (index >= from) all[index] = await of(scope)
  return all
}

interface AnsweredScope {
  readonly scope: CanaryScope
  readonly facts: ScopeFacts
  readonly applications: readonly ApplicationScope[]
  readonly answer: ScopeAnswer
  readonly profiles: Profiles
}

/** The Rollout as each Application sees it, in the order of their first objects. */
function judgedScope({ scope, facts, applications, answer, profiles }: AnsweredScope): readonly JudgedCanary[] {
  const world = once(() => simulatedWorld(scope))
  const anchors = once(() => placeAnchors(scope, answer.anchors()))
  return [...new Set(facts.owners)].map((owner): JudgedCanary => {
    const application = applications[owner]
    const verdicts = answer.verdicts[owner] ?? []
    return {
      scope,
      application,
      canary: { rollout: refOf(facts.rollout), resources: ownedBy(facts, owner).map(refOf), get states() { return answer.explored.states } },
      explored: answer.explored,
      get world() { return world() },
      stateCount: answer.stateCount,
      profiles,
      argocd: profiles.argocd.version,
      syncOptions: application?.spec.syncOptions ?? [],
      invalid: answer.explored.invalid !== undefined,
      verdicts,
      failing: answer.failing[owner] ?? [],
      faults: answer.faults,
      doubtful: answer.doubtful,
      verdict: (law: Law) => verdicts.find((verdict) => verdict.law === law),
      anchors,
    }
  })
}

/** The types of custom resources that the repository defines, and the published ones. */
export function customSchemas(repository: Repository): CustomSchemas {
  return readCustomSchemas(definitionsIn(repository))
}

function definitionsIn({ manifests }: Repository): readonly KubeObject[] {
  return manifests.map((manifest) => manifest.value).filter((object) => object.kind === 'CustomResourceDefinition')
}
