import { type ArgocdProfile, jqEngine, selfHealDefaults } from '@rollsync/argocd'
import { argocdJudge, parseStory, type Story, type StoryEvent, tellStory, templateHolder, usualDay } from '@rollsync/ignore'
import { isMap, type KubeObject, refKey, refOf, refText, type ResourceRef, valueAt } from '@rollsync/manifests'
import { type ApplicationScope, applicationsOf, type CanaryScope, chooseVersions, discover, simulatedWorld, systemSettings } from '@rollsync/policy'
import { nextImage } from '@rollsync/rollouts'
import { CliError, type ExitCode } from '../exit.ts'
import type { Io } from '../io.ts'
import { readRepository } from '../read-repository.ts'
import { refuseBroken } from '../refuse-broken.ts'
import { storyTable } from '../simulate/story-table.ts'

export interface StoryOptions {
  readonly rollout?: string
  readonly events?: string
  readonly image?: string
  readonly argocdVersion?: string
  readonly rolloutsVersion?: string
  readonly format: 'table' | 'json'
}

/** `rollsync story`: 0 where the day ends in peace, 1 where two controllers fight, or one fails at something for ever. */
export async function storyCommand(paths: readonly string[], options: StoryOptions, io: Io): Promise<ExitCode> {
  const versions = chooseVersions(options)
  for (const sentence of versions.unverified) io.err(`unverified: ${sentence}\n`)
  const { files, settings } = await readRepository(paths, io)
  const repository = discover(files, settings)
  const { canaries, diagnostics } = repository
  refuseBroken(diagnostics)
  const scope = chosen(canaries, options.rollout, io)
  const application = scope.rollout.application as ApplicationScope
  const jq = jqEngine({ gojq: versions.argocd.gojq })
  try {
    const { argocdCm } = await systemSettings(repository, versions.argocd, jq)
    const playing = (one: ApplicationScope) => ({
      application: one.manifest.ref.name,
      judge: argocdJudge({ ...(argocdCm === undefined ? {} : { argocdCm }), application: one.manifest.ref.name, profile: versions.argocd, mode: one.spec.compareMode, rules: one.spec.ignoreDifferences, syncOptions: one.spec.syncOptions, jq }),
      resources: resourcesOf(scope, one),
      automated: one.spec.automated === 'yes' ? { prune: true, selfHeal: one.spec.selfHeal === 'yes' } : undefined,
    })
    const others = applicationsOf(scope).filter((one) => one !== undefined).filter((one) => one !== application).map(playing)
    const own = playing(application)
    const events = await eventsOf(scope, [own, ...others].flatMap(({ resources }) => resources), options, io)
    const story = await tellStory(simulatedWorld(scope), events, { ...own, others, profile: versions.rollouts, rollout: refOf(scope.rollout.object), selfHeal: selfHealDefaults(versions.argocd) })
    print(story, scope, versions.argocd, options, io)
    return story.fights.length > 0 ? 1 : 0
  } finally {
    await jq.close?.()
  }
}

/** The Rollout of a story: the one named, or the first that an Application deploys. */
export function chosen(canaries: readonly CanaryScope[], wanted: string | undefined, io: Io): CanaryScope {
  const owned = canaries.filter((one) => one.rollout.application !== undefined)
  const found = owned.find(({ rollout: { object, application } }) => wanted === undefined || [object.metadata.name, `${object.metadata.namespace}/${object.metadata.name}`, `${application?.manifest.ref.name}/${object.metadata.name}`].includes(wanted))
  const plain = owned.map(({ rollout }) => refName(rollout.object))
  // One template may be deployed by several Applications.
  const names = owned.map(({ rollout }, index) => (plain.filter((name) => name === plain[index]).length > 1 ? `${rollout.application?.manifest.ref.name}/${rollout.object.metadata.name}` : refName(rollout.object)))
  if (found === undefined) throw new CliError('NO_CANARY', `no Rollout${wanted === undefined ? '' : ` ${wanted}`} that an Application deploys`, { hint: owned.length === 0 ? 'give the folder that holds both' : `there is ${names.join(', ')}` })
  if (wanted === undefined && owned.length > 1) io.err(`of ${owned.length} Rollouts, this is the story of ${names[owned.indexOf(found)]}; --rollout tells another's (${names.filter((_, index) => owned[index] !== found).join(', ')})\n`)
  return found
}

function refName(object: KubeObject): string {
  return object.metadata.namespace === undefined || object.metadata.namespace === '' ? object.metadata.name : `${object.metadata.namespace}/${object.metadata.name}`
}

export function resourcesOf(scope: CanaryScope, application: ApplicationScope): readonly ResourceRef[] {
  const world = simulatedWorld(scope)
  return application.objects.map((one) => refOf(one.object)).filter((ref) => world.has(refKey(ref)))
}

/** What happens: the script, or the usual day. */
export async function eventsOf(scope: CanaryScope, resources: readonly ResourceRef[], options: Pick<StoryOptions, 'events' | 'image'>, io: Io): Promise<readonly StoryEvent[]> {
  const { object } = scope.rollout
  const world = simulatedWorld(scope)
  const before = String(valueAt(templateHolder(world, object), '/spec/template/spec/containers/0/image') ?? 'app:1')
  const after = options.image ?? nextImage(before)
  if (options.events === undefined) return usualDay(object, resources.flatMap((ref) => world.get(refKey(ref)) ?? []), { before, after })
  const text = new TextDecoder().decode(await io.read(options.events).catch((cause: unknown) => {
    throw new CliError('UNREADABLE', `${options.events}: cannot be read`, { hint: 'docs/story.md describes the format', cause })
  }))
  const parsed = parseStory(parseJson(text, options.events))
  if ('events' in parsed) return parsed.events
  throw new CliError('BAD_EVENTS', `${options.events}: ${parsed.faults[0]?.pointer ?? ''}: ${parsed.faults[0]?.message ?? ''}`, { hint: 'docs/story.md describes the format' })
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new CliError('BAD_EVENTS', `${file}: not JSON: ${(cause as Error).message}`, { hint: 'docs/story.md describes the format', cause })
  }
}

function print(story: Story, scope: CanaryScope, argocd: ArgocdProfile, options: StoryOptions, io: Io): void {
  const rollout = refOf(scope.rollout.object)
  if (options.format === 'json') {
    const chapters = story.chapters.map(({ state, ...rest }) => ({ ...rest, moment: state.moment, world: [...state.world.values()].filter((object) => isMap(object)) }))
    return io.out(`${JSON.stringify({ version: 1, argocd: argocd.version, rollout, chapters, fights: story.fights }, null, 2)}\n`)
  }
  io.out(`${refText(scope.rollout.manifest.ref)} under Application ${scope.rollout.application?.manifest.ref.name ?? ''}, Argo CD ${argocd.version}\n\n${storyTable(story, rollout)}`)
  return undefined
}
