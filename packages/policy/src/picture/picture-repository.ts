import { type JqEngine, jqEngine } from '@rollsync/argocd'
import { albSettings, argocdJudge, brokenExpressions, type CanaryCase, type CounterExample, verify } from '@rollsync/ignore'
import { type KubeObject, refKey, refOf, valueAt } from '@rollsync/manifests'
import { happyPath, simulate, type State, type World } from '@rollsync/rollouts'
import { chooseVersions, type PolicySettings, type Versions } from '../check-policy.ts'
import type { ApplicationScope, CanaryScope, Repository } from '../discover/repository.ts'
import { simulatedWorld } from '../explore-repository.ts'
import { type CanaryPicture, type Cell, type Lane, pictureMoments } from './canary-picture.ts'

/** A picture of each Rollout's update that goes well, once for each Application that deploys objects of it, judged as Argo CD compares and syncs them. */
export async function pictureRepository(repository: Repository, settings: Pick<PolicySettings, 'argocdVersion' | 'rolloutsVersion' | 'jq'> = {}): Promise<readonly CanaryPicture[]> {
  const versions = chooseVersions(settings)
  const jq = settings.jq ?? jqEngine({ gojq: versions.argocd.gojq })
  try {
    const pictures: CanaryPicture[] = []
    for (const scope of repository.canaries) pictures.push(...(await picturesOf(scope, versions, jq)))
    return pictures
  } finally {
    if (settings.jq === undefined) await jq.close?.()
  }
}

async function picturesOf(scope: CanaryScope, versions: Versions, jq: JqEngine): Promise<readonly CanaryPicture[]> {
  const rollout = refOf(scope.rollout.object)
  const git = simulatedWorld(scope)
  const image = nextImage(String(valueAt(scope.rollout.object, '/spec/template/spec/containers/0/image') ?? 'app:1'))
  const { states } = simulate(git, { events: happyPath(scope.rollout.object, image), profile: versions.rollouts })
  const by = [`Argo Rollouts ${versions.rollouts.version}`]
  const moments = pictureMoments(states, rollout, git)
  const applications = applicationsOf(scope, git)
  if (applications.size === 0) return [{ rollout, application: undefined, by, moments, lanes: [] }]
  const pictures: CanaryPicture[] = []
  for (const [application, objects] of applications) {
    const canary: CanaryCase = { rollout, resources: objects.map(refOf), states: states.map((state, number) => ({ moment: String(number), git: gitAt(git, scope.rollout.object, state, image), live: state.world })) }
    const lanes = await lanesOf({ scope, application, canary, versions, jq })
    pictures.push({ rollout, application: application.manifest.ref, by: [...by, `Argo CD ${versions.argocd.version}`], moments, lanes })
  }
  return pictures
}

/** A tag that says that it is the next one. */
function nextImage(image: string): string {
  return `${image.replace(/@.*$/, '').replace(/:[^/:]*$/, '')}:next`
}

function applicationsOf(scope: CanaryScope, git: World): ReadonlyMap<ApplicationScope, readonly KubeObject[]> {
  const found = new Map<ApplicationScope, KubeObject[]>()
  for (const { object, application } of [scope.rollout, ...scope.neighbours]) {
    if (application === undefined || !git.has(refKey(refOf(object)))) continue
    found.set(application, [...(found.get(application) ?? []), object])
  }
  return found
}

/** Git names the new image from the first event on. */
function gitAt(git: World, rollout: KubeObject, { moment }: State, image: string): World {
  if (moment.event === 0) return git
  const changed = structuredClone(rollout) as unknown as { spec?: { template?: { spec?: { containers?: { image: string }[] } } } }
  const first = changed.spec?.template?.spec?.containers?.[0]
  if (first !== undefined) first.image = image
  return new Map(git).set(refKey(refOf(rollout)), changed as unknown as KubeObject)
}

interface Asked {
  readonly scope: CanaryScope
  readonly application: ApplicationScope
  readonly canary: CanaryCase
  readonly versions: Versions
  readonly jq: JqEngine
}

async function lanesOf({ scope, application, canary, versions, jq }: Asked): Promise<readonly Lane[]> {
  const { manifest, spec } = application
  const { broken } = await brokenExpressions(manifest, jq)
  if (broken[0] !== undefined) {
    const why = [`the whole Application is Unknown: gojq rejects an expression: ${broken[0].error}`]
    return [{ asks: 'compare', options: [], cells: canary.states.map(() => ({ answer: 'unknown', when: 'always', why })) }]
  }
  const alb = albSettings(scope.rollout.object)
  const lanes: Lane[] = []
  for (const options of optionSets(spec.syncOptions)) {
    const mode = spec.compareMode === 'ssd' ? 'ssd' : options.includes('ServerSideApply=true') ? 'smd' : 'legacy'
    const judge = argocdJudge({ application: manifest.ref.name, profile: versions.argocd, mode, rules: spec.ignoreDifferences, syncOptions: options, jq })
    for (const verdict of await verify(canary, judge, { alb, laws: lanes.length === 0 ? ['covering', 'sync-safe'] : ['sync-safe'] })) {
      const asks = verdict.law === 'covering' ? 'compare' : 'sync'
      const cells = canary.states.map(({ moment }) => cellOf(asks, verdict.counterExamples.filter((one) => one.moments.includes(moment)), verdict.unverified))
      lanes.push({ asks, options: asks === 'sync' ? options : [], cells })
    }
  }
  return lanes
}

/** As the Application has them, and what people try instead. */
function optionSets(own: readonly string[]): readonly (readonly string[])[] {
  const tried = [[], ['RespectIgnoreDifferences=true'], ['ApplyOutOfSyncOnly=true', 'RespectIgnoreDifferences=true'], ['ServerSideApply=true']]
  const sets = tried.map((more) => [...new Set([...own, ...more])].sort())
  return [...new Map(sets.map((set) => [set.join(), set])).values()]
}

const worst: readonly Cell['answer'][] = ['outage', 'reverts', 'freezes', 'unknown', 'unverified']

function cellOf(asks: Lane['asks'], examples: readonly CounterExample[], unverified: readonly string[]): Cell {
  const answerOf = (one: CounterExample): Cell['answer'] =>
    (one.verdict === undefined ? (asks === 'compare' ? 'OutOfSync' : 'unknown') : one.verdict === 'misrouted' ? 'unknown' : one.verdict)
  if (examples.length === 0 && unverified.length > 0) return { answer: 'unverified', when: 'always', why: unverified }
  if (examples.length === 0) return { answer: asks === 'compare' ? 'Synced' : 'safe', when: 'always', why: [] }
  const plain = examples.filter((one) => one.gitChange === undefined)
  const told = plain.length > 0 ? plain : examples
  const answers = told.map(answerOf)
  const why = [...new Set(told.map((one) => (one.gitChange === undefined ? one.what : `${one.what}, when ${one.gitChange}`)))]
  return { answer: worst.find((answer) => answers.includes(answer)) ?? answers[0] ?? 'unknown', when: plain.length > 0 ? 'always' : 'with a change in Git', why }
}
