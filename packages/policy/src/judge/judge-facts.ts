import type { ArgocdProfile, CustomSchemas, JqEngine } from '@rollsync/argocd'
import { type AlbSettings, albSettings, type Anchor, anchorsOf, argocdJudge, exploreCanary, type ExploredCanary, type NoAnchor, type Verdict, verify, withoutRoutes } from '@rollsync/ignore'
import { jsonEqual, type KubeObject, refOf } from '@rollsync/manifests'
import type { RolloutsProfile } from '@rollsync/rollouts'
import type { ScopeFacts } from './facts.ts'

export interface Judgement {
  readonly explored: ExploredCanary
  /** In the order of the Applications of the facts; none for one that cannot be proven. */
  readonly verdicts: readonly (readonly Verdict[])[]
}

/** What every Rollout of a repository is judged with. */
export interface Judging {
  readonly argocd: ArgocdProfile
  readonly rollouts: RolloutsProfile
  readonly schemas: CustomSchemas
  readonly jq: JqEngine
}

/** Explores one Rollout and proves the laws for each Application that owns an object of it. */
export async function judgeFacts(facts: ScopeFacts, { argocd: profile, rollouts, schemas, jq }: Judging): Promise<Judgement> {
  const explored = exploreCanary(facts.rollout, facts.around, rollouts)
  const verdicts: (readonly Verdict[])[] = []
  for (const [index, { name, mode, rules, syncOptions, provable }] of facts.applications.entries()) {
    const canary = { rollout: refOf(facts.rollout), resources: ownedBy(facts, index).map(refOf), states: explored.states }
    const judge = argocdJudge({ application: name, profile, mode, rules, syncOptions, jq, schemas })
    verdicts.push(provable === 'no' ? [] : await verify(canary, judge, { alb: albIn(facts), around: facts.routed }))
  }
  return { explored, verdicts }
}

/** The objects of one Application of the facts; -1 are those of none. */
export function ownedBy({ rollout, around, owners }: ScopeFacts, application: number): readonly KubeObject[] {
  return [rollout, ...around].filter((_, index) => owners[index] === application)
}

/** What a Rollout says of its ALB, with the routes of those that share its Ingresses. */
export function albIn({ rollout, around }: Pick<ScopeFacts, 'rollout' | 'around'>): AlbSettings | undefined {
  return albSettings(rollout, around.filter((object) => object.kind === 'Rollout'))
}

export interface FoundAnchors {
  /** Which object around the Rollout. */
  readonly index: number
  readonly anchors: readonly (Anchor | NoAnchor)[]
}

/** What Git's Ingresses should hold of a Rollout's managed routes, read off its states without them; `explored` are its states as Git is. None without ALB or managedRoutes. */
export function anchorsIn(facts: Pick<ScopeFacts, 'rollout' | 'around'>, profile: RolloutsProfile, explored?: ExploredCanary): readonly FoundAnchors[] {
  const alb = albIn(facts)
  if (alb === undefined || alb.managedRoutes.length === 0) return []
  const isRouted = (object: KubeObject): boolean => object.kind === 'Ingress' && alb.ingresses.includes(object.metadata.name)
  const bare = facts.around.map((object) => (isRouted(object) ? withoutRoutes(object, alb) : object))
  const { states } = explored !== undefined && jsonEqual(bare, facts.around) ? explored : exploreCanary(facts.rollout, bare, profile)
  return facts.around.flatMap((object, index) => (isRouted(object) ? [{ index, anchors: anchorsOf(object, states, alb) }] : []))
}
