import type { ArgocdProfile, CustomSchemas, IgnoreDifference, JqEngine } from '@rollsync/argocd'
import { type AlbSettings, albSettings, type Anchor, anchorsOf, argocdJudge, type CanaryCase, exploreCanary, type ExploredCanary, type NoAnchor, pairsOf, releaseStates, type Verdict, verify, withoutRoutes } from '@rollsync/ignore'
import type { LbcProfile } from '@rollsync/lbc'
import { jsonEqual, type KubeObject, type Pointer, refOf, refText, type ResourceRef } from '@rollsync/manifests'
import { type RolloutsProfile, unverifiedPlaces, validate, type ValidationError, worldOf } from '@rollsync/rollouts'
import type { ScopeFacts } from './facts.ts'

export interface Judgement {
  readonly explored: ExploredCanary
  /** In the order of the Applications of the facts; none for one that cannot be proven. */
  readonly verdicts: readonly (readonly Verdict[])[]
  /** In the order of the Applications of the facts. */
  readonly failing: readonly (readonly FailingExpression[])[]
  /** What the controller says of the Rollout and of what it refers to. */
  readonly faults: readonly ValidationError[]
  /** Pointers of what it may refuse or not. */
  readonly doubtful: readonly Pointer[]
}

/** An expression that fails at run time on an object of some state: entry of ignoreDifferences and expression by index, and the first such object. */
export interface FailingExpression {
  readonly rule: number
  readonly expression: number
  readonly object: string
  readonly error: string
}

/** What every Rollout of a repository is judged with. */
export interface Judging {
  readonly argocd: ArgocdProfile
  readonly rollouts: RolloutsProfile
  readonly lbc?: LbcProfile
  readonly schemas: CustomSchemas
  readonly jq: JqEngine
  readonly argocdCm?: Readonly<Record<string, string>>
}

/** Explores one Rollout and proves the laws for each Application that owns an object of it. */
export async function judgeFacts(facts: ScopeFacts, { argocd: profile, rollouts, lbc, schemas, jq, argocdCm }: Judging): Promise<Judgement> {
  const explored = exploreCanary(facts.rollout, facts.around, rollouts)
  const verdicts: (readonly Verdict[])[] = []
  const failing: (readonly FailingExpression[])[] = []
  for (const [index, { name, mode, rules, syncOptions, provable }] of facts.applications.entries()) {
    const canary = { rollout: refOf(facts.rollout), resources: ownedBy(facts, index).map(refOf), states: explored.states }
    const judge = argocdJudge({ application: name, profile, mode, rules, syncOptions, jq, schemas, ...(argocdCm === undefined ? {} : { argocdCm }) })
    failing.push(await failingOf(canary, rules, jq))
    verdicts.push(provable === 'no' ? [] : await verify(canary, judge, { alb: albIn(facts), around: facts.routed, ...(lbc === undefined ? {} : { lbc }) }))
  }
  const world = worldOf([...facts.around, facts.rollout])
  return { explored, verdicts, failing, faults: validate(facts.rollout, world, rollouts), doubtful: unverifiedPlaces(facts.rollout, world, rollouts) }
}

async function failingOf(canary: CanaryCase, rules: readonly IgnoreDifference[], jq: JqEngine): Promise<readonly FailingExpression[]> {
  const pairs = pairsOf(canary)
  const found: FailingExpression[] = []
  for (const [index, rule] of rules.entries()) {
    const objects = pairs.filter(({ resource }) => concerns(rule, resource)).flatMap(({ resource, target, live }) => [target, live].map((object) => ({ object, name: refText(resource) })))
    for (const [expression, text] of (rule.jqPathExpressions ?? []).entries()) {
      for (const { object, name } of objects) {
        const answer = await jq.del(text, object)
        if (answer.answer !== 'error') continue
        found.push({ rule: index, expression, object: name, error: answer.error })
        break
      }
    }
  }
  return found
}

function concerns(rule: IgnoreDifference, resource: ResourceRef): boolean {
  return rule.kind === resource.kind && (rule.group ?? '') === resource.group && (rule.name === undefined || rule.name === resource.name)
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
  const states = explored !== undefined && jsonEqual(bare, facts.around) ? explored.states : releaseStates(facts.rollout, bare, profile)
  return facts.around.flatMap((object, index) => (isRouted(object) ? [{ index, anchors: anchorsOf(object, states, alb) }] : []))
}
