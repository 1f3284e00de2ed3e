import type { JqEngine } from '@rollsync/argocd'
import { armedTraps, type Attribution, type CounterExample, explainObject, type Judge, liveJudge, syncHarms } from '@rollsync/ignore'
import { isMap, jsonEqual, type KubeObject, refKey, refOf, refText, valueAt } from '@rollsync/manifests'
import type { ApplicationScope, DeployedObject, Repository } from '../discover/repository.ts'
import { albOf } from '../explore-repository.ts'
import { customSchemas } from '../judge-repository.ts'
import type { JudgedCanary, Profiles } from '../judged-canary.ts'
import { lastDeployed } from './last-deployed.ts'
import type { LiveObject, LiveState } from './live-object.ts'

export interface LiveSettings {
  readonly repository: Repository
  readonly canaries: readonly JudgedCanary[]
  readonly profiles: Profiles
  readonly jq: JqEngine
  readonly argocdCm?: Readonly<Record<string, string>>
}

/** Compares and syncs each object of a canary that an Application deploys as the cluster holds it now. Objects are matched by group, kind, namespace and name: give what one cluster holds. */
export async function judgeLive(lives: readonly KubeObject[], settings: LiveSettings): Promise<LiveState> {
  const byKey = new Map(lives.map((live) => [refKey(refOf(live)), live]))
  const judges = new Map<ApplicationScope, Judge>()
  const objects: LiveObject[] = []
  for (const { application, deployed, canaries } of sharedObjects(settings.canaries)) {
    const live = byKey.get(refKey(refOf(deployed.object)))
    // With one expression that does not parse all is Unknown: expression-parses says so.
    if (live === undefined || canaries.every((one) => one.verdicts.length === 0)) continue
    const judge = judges.get(application) ?? judgeFor(application, settings)
    judges.set(application, judge)
    objects.push(await judgeOne({ application, deployed, canaries, live, moment: momentOf(canaries, byKey), rollouts: canaries.every((one) => isAsInGit(one, byKey)) ? 'as in Git' : 'other or not given' }, judge))
  }
  const applications = settings.repository.applications.flatMap((application) => {
    const live = byKey.get(refKey(application.manifest.ref)) ?? lives.find((one) => one.kind === 'Application' && one.metadata.name === application.manifest.ref.name && application.manifest.ref.namespace === '')
    return live === undefined ? [] : [{ application, live }]
  })
  return { objects, applications, others: lives.length - new Set([...objects, ...applications].map(({ live }) => live)).size }
}

interface SharedObject {
  readonly application: ApplicationScope
  readonly deployed: DeployedObject
  readonly canaries: readonly JudgedCanary[]
}

/** Each object once, with all Rollouts that may write it. */
function sharedObjects(canaries: readonly JudgedCanary[]): readonly SharedObject[] {
  const found = new Map<string, SharedObject & { canaries: JudgedCanary[] }>()
  for (const canary of canaries) {
    const { application } = canary
    if (application === undefined) continue
    const mine = new Set(canary.canary.resources.map(refKey))
    for (const deployed of application.objects) {
      const key = refKey(refOf(deployed.object))
      if (!mine.has(key)) continue
      const id = `${refKey(application.manifest.ref)}\n${key}`
      const known = found.get(id)
      if (known === undefined) found.set(id, { application, deployed, canaries: [canary] })
      else if (!known.canaries.includes(canary)) known.canaries.push(canary)
    }
  }
  return [...found.values()]
}

function judgeFor({ manifest, spec }: ApplicationScope, { profiles, jq, argocdCm, repository }: LiveSettings): Judge {
  return liveJudge({
    application: manifest.ref.name, profile: profiles.argocd, mode: spec.compareMode, rules: spec.ignoreDifferences, syncOptions: spec.syncOptions, jq, schemas: customSchemas(repository),
    ...(argocdCm === undefined ? {} : { argocdCm }),
  })
}

async function judgeOne(given: SharedObject & Pick<LiveObject, 'live' | 'moment' | 'rollouts'>, judge: Judge): Promise<LiveObject> {
  const { live, deployed, canaries } = given
  const git = deployed.object
  const rollouts = canaries.map(({ scope, canary }) => ({ rollout: scope.rollout.object, states: canary.states }))
  const base = lastDeployed(git, live, explainObject(git, live, rollouts).differences)
  const comparison = await judge.compare(base, live, base)
  const seen = comparison.sync === 'OutOfSync' ? comparison.patch.map(({ path }) => path) : []
  const differences = explainObject(base, live, rollouts).differences.map((one) => ({ ...one, visible: seen.some((path) => overlaps(path, one)) ? 'yes' as const : 'no' as const }))
  const harms: CounterExample[] = []
  const unverified: string[] = []
  const settings = [...new Set(canaries.map(({ scope }) => albOf(scope)))]
  for (const alb of settings) {
    const answer = await syncHarms({ resource: refOf(live), target: base, live, moments: [given.moment] }, git, judge, alb)
    if ('unverified' in answer) unverified.push(answer.unverified)
    else harms.push(...answer.harms)
  }
  if (comparison.sync === 'unverified') unverified.push(comparison.reason)
  if (asksManagers(given.application) && valueAt(live, '/metadata/managedFields') === undefined) unverified.push(`${refText(refOf(live))} comes without managedFields, which this Application's comparison or sync reads: kubectl get -o json --show-managed-fields`)
  const traps = live.kind === 'Ingress' ? settings.flatMap((alb) => (alb?.ingresses.includes(live.metadata.name) === true ? armedTraps(git, live, alb) : [])) : []
  return { resource: refOf(live), ...given, comparison, differences, harms, traps, unverified: unverified.map((reason) => `live ${refText(refOf(live))}: ${reason}`) }
}

function asksManagers({ spec }: ApplicationScope): boolean {
  return spec.compareMode !== 'legacy' || spec.syncOptions.includes('ServerSideApply=true') || spec.ignoreDifferences.some((rule) => (rule.managedFieldsManagers ?? []).length > 0)
}

/** Positions in lists move with what was put in front, so that they do not count. */
function overlaps(path: string, { pointer }: Attribution): boolean {
  const [one, other] = [path, pointer].map((text) => `${text.replaceAll(/\/(\d+|-)(?=\/|$)/g, '/*')}/`) as [string, string]
  return one.startsWith(other) || other.startsWith(one)
}

function isAsInGit({ scope }: JudgedCanary, lives: ReadonlyMap<string, KubeObject>): boolean {
  const { object } = scope.rollout
  return jsonEqual(valueAt(lives.get(refKey(refOf(object))), '/spec/strategy'), valueAt(object, '/spec/strategy'))
}

/** Where the Rollouts of an object stand, as far as they were given. */
function momentOf(canaries: readonly JudgedCanary[], lives: ReadonlyMap<string, KubeObject>): string {
  const told = canaries.flatMap(({ scope }) => {
    const rollout = lives.get(refKey(refOf(scope.rollout.object)))
    return rollout === undefined ? [] : [standing(rollout)]
  })
  return [...new Set(told)].join(', ')
}

function standing(rollout: KubeObject): string {
  const { name } = rollout.metadata
  const steps = valueAt(rollout, '/spec/strategy/canary/steps')
  const index = valueAt(rollout, '/status/currentStepIndex')
  const phase = valueAt(rollout, '/status/phase')
  const paused = typeof phase === 'string' ? `, ${phase}` : ''
  const aborted = valueAt(rollout, '/status/abort') === true ? ', aborted' : ''
  if (!isMap(rollout['status'])) return `Rollout ${name} without status`
  if (!Array.isArray(steps) || typeof index !== 'number') return `Rollout ${name}${paused}${aborted}`
  return index >= steps.length ? `Rollout ${name} behind its last step${paused}${aborted}` : `Rollout ${name} at step ${index + 1} of ${steps.length}${paused}${aborted}`
}
