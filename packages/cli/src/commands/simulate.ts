import { jqEngine } from '@rollsync/argocd'
import { refOf, refText, toYaml, type KubeObject } from '@rollsync/manifests'
import { applicationsOf, type CanaryScope, chooseVersions, dayContext, type DayName, discover, pictureDay, type PicturedCanary, simulatedWorld, timelineSvg } from '@rollsync/policy'
import type { World } from '@rollsync/rollouts'
import { CliError, type ExitCode } from '../exit.ts'
import type { Io } from '../io.ts'
import { paintOf } from '../paint.ts'
import { readRepository } from '../read-repository.ts'
import { refuseBroken } from '../refuse-broken.ts'
import { driftText, liveText } from '../simulate/drift-text.ts'
import { chosenScopes, momentsOf, rowsOf, type Shown } from '../simulate/moments.ts'
import { markdownOf, tableOf } from '../simulate/table.ts'

export interface SimulateOptions {
  readonly rollout?: string
  readonly image?: string
  readonly events?: string
  readonly explore?: boolean
  readonly day?: DayName
  readonly pods: 'ready' | 'slow' | 'stuck' | 'crash'
  readonly at?: string
  readonly diff?: boolean
  readonly format: 'table' | 'json' | 'yaml' | 'markdown' | 'svg'
  readonly output?: string
  readonly rolloutsVersion?: string
  readonly argocdVersion?: string
}

/** `rollsync simulate`: 0, or 2 for input that cannot be simulated. */
export async function simulateCommand(paths: readonly string[], options: SimulateOptions, io: Io): Promise<ExitCode> {
  refuseTogether(options)
  const versions = chooseVersions(options)
  for (const sentence of versions.unverified) io.err(`unverified: ${sentence}\n`)
  const { files, settings } = await readRepository(paths, io)
  const repository = discover(files, settings)
  refuseBroken(repository.diagnostics)
  const scopes = chosenScopes(repository, options.rollout)
  if (options.format === 'svg' && scopes.length > 1) throw new CliError('USAGE', `--format svg draws one Rollout, and there are ${scopes.length}`, { hint: `choose with --rollout: ${scopes.map(({ rollout }) => rollout.object.metadata.name).join(', ')}` })
  const jq = jqEngine({ gojq: versions.argocd.gojq })
  try {
    for (const scope of scopes) await simulateOne({ scope, application: applicationsOf(scope)[0], versions, jq }, options, io)
  } finally {
    await jq.close?.()
  }
  return 0
}

/** Each of these says on its own what happens. */
function refuseTogether({ events, explore, day }: SimulateOptions): void {
  const given = [...(events === undefined ? [] : ['--events']), ...(explore === true ? ['--explore'] : []), ...(day === undefined ? [] : ['--day'])]
  if (given.length > 1) throw new CliError('USAGE', `${given.join(' and ')} say two things`, { hint: 'give one of them' })
}

async function simulateOne(canary: PicturedCanary, options: SimulateOptions, io: Io): Promise<void> {
  const { scope, versions } = canary
  const { settings } = dayContext(canary)
  const day = await momentsOf(options, settings, io)
  const shown = rowsOf(day.told, settings)
  const picked = options.at === undefined ? shown : shown.filter((one) => String(one.row.number) === options.at)
  if (picked.length === 0) throw new CliError('NO_SUCH_MOMENT', `--at ${options.at}: ${refText(scope.rollout.manifest.ref)} has moments ${shown[0]?.row.number ?? 0} to ${shown.at(-1)?.row.number ?? 0}`)
  if (options.format === 'svg') io.out(timelineSvg(await pictureDay({ ...day, told: picked.map(({ told }) => told) }, canary)))
  else print(scope, picked, { ...options, format: options.format }, versions.rollouts.version, io)
  if (options.output !== undefined) await writeMoments(scope, picked, options.output, io)
}

type Printed = Omit<SimulateOptions, 'format'> & { readonly format: Exclude<SimulateOptions['format'], 'svg'> }

function print(scope: CanaryScope, shown: readonly Shown[], options: Printed, version: string, io: Io): void {
  const git = simulatedWorld(scope)
  const rows = shown.map(({ row }) => row)
  switch (options.format) {
    case 'json':
      return io.out(`${JSON.stringify({ version: 1, rollouts: version, rollout: refOf(scope.rollout.object), moments: shown.map(jsonOf) }, null, 2)}\n`)
    case 'yaml':
      return io.out(shown.map(({ told, row }) => `# ${row.number}: ${row.step}\n${liveText(told.state.world, git)}`).join('---\n'))
    case 'markdown':
      return io.out(`## ${refText(scope.rollout.manifest.ref)} (Argo Rollouts ${version})\n\n${markdownOf(rows)}`)
    case 'table': {
      io.out(`${refText(scope.rollout.manifest.ref)}, as Argo Rollouts ${version} runs it\n\n${tableOf(rows)}`)
      if (options.diff === true) for (const { told, row } of shown) io.out(driftText(told.state.world, git, row, paintOf(io)))
      return undefined
    }
    default:
      return options.format satisfies never
  }
}

function jsonOf({ told, row }: Shown): unknown {
  const { world, cycle, ...rest } = told.state
  return { ...row, ...rest, world: [...world.values()], ...(cycle === undefined ? {} : { cycle: { writes: cycle.writes, worlds: cycle.worlds.map((one) => [...one.values()]) } }) }
}

async function writeMoments(scope: CanaryScope, shown: readonly Shown[], folder: string, io: Io): Promise<void> {
  await io.write(new Map(shown.map(({ told: { state }, row }) => {
    const name = `${String(row.number).padStart(3, '0')}-${row.step.replaceAll(/[^A-Za-z0-9]+/g, '-').replace(/-+$/, '')}.yaml`
    return [`${folder}/${scope.rollout.object.metadata.name}/${name}`, objectsText(state.world)]
  })))
  io.err(`wrote ${shown.length} moments below ${folder}\n`)
}

function objectsText(world: World): string {
  const objects = [...world.values()].sort((a, b) => order(a).localeCompare(order(b)))
  return objects.map((object) => toYaml(object)).join('---\n')
}

function order(object: KubeObject): string {
  return `${object.kind} ${object.metadata.namespace ?? ''} ${object.metadata.name}`
}
