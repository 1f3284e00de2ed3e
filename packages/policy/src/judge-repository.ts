import { type ArgocdProfile, type CustomSchemas, type JqEngine, readCustomSchemas } from '@rollsync/argocd'
import { argocdJudge, brokenExpressions, type Law, verify, type Verdict } from '@rollsync/ignore'
import type { KubeObject } from '@rollsync/manifests'
import type { Repository } from './discover/repository.ts'
import { albOf, anchoredIngresses, type ExploredScope, exploreRepository, simulatedWorld } from './explore-repository.ts'
import type { AnchoredIngress, JudgedCanary, Profiles } from './judged-canary.ts'
import { routedAround } from './routed-around.ts'

/** Explores every Rollout of a repository and proves the laws for each Application that owns objects of it. A Rollout without any Application is explored, and nothing proven. */
export async function judgeRepository(repository: Repository, profiles: Profiles, jq: JqEngine): Promise<readonly JudgedCanary[]> {
  const judged: JudgedCanary[] = []
  const around = routedAround(repository)
  const schemas = customSchemas(repository)
  for (const one of exploreRepository(repository, profiles.rollouts)) {
    const verdicts = await prove(one, { around, schemas }, profiles.argocd, jq)
    judged.push({
      scope: one.scope,
      application: one.application,
      canary: one.canary,
      explored: one.explored,
      world: simulatedWorld(one.scope),
      profiles,
      argocd: profiles.argocd.version,
      syncOptions: one.application?.spec.syncOptions ?? [],
      invalid: one.explored.invalid !== undefined,
      verdicts,
      verdict: (law: Law) => verdicts.find((verdict) => verdict.law === law),
      anchors: lazily(() => anchoredIngresses(one.scope, profiles.rollouts)),
    })
  }
  return judged
}

/** What a repository holds that all its canaries may depend on. */
interface Known {
  readonly around: readonly KubeObject[]
  readonly schemas: CustomSchemas
}

/** The types of custom resources that the repository defines, and the published ones. */
export function customSchemas({ manifests }: Repository): CustomSchemas {
  return readCustomSchemas(manifests.map((manifest) => manifest.value).filter((object) => object.kind === 'CustomResourceDefinition'))
}

async function prove({ scope, application, canary }: ExploredScope, known: Known, profile: ArgocdProfile, jq: JqEngine): Promise<readonly Verdict[]> {
  if (application === undefined) return []
  const { spec, manifest } = application
  // With one expression that does not parse all is Unknown: expression-parses says so, and nothing else can be said.
  if ((await brokenExpressions(manifest, jq)).broken.length > 0) return []
  const judge = argocdJudge({ application: manifest.ref.name, profile, mode: spec.compareMode, rules: spec.ignoreDifferences, syncOptions: spec.syncOptions, jq, schemas: known.schemas })
  return verify(canary, judge, { alb: albOf(scope), around: known.around })
}

function lazily(make: () => readonly AnchoredIngress[]): () => readonly AnchoredIngress[] {
  let made: readonly AnchoredIngress[] | undefined
  return () => (made ??= make())
}
