import { configuredPerson, nodeEffects, type Opened, openRepository, revert, RevertError, type RevertOptions as Wish, type RevertResult, type RolloutName } from '@rollsync/revert'
import { CliError, type ExitCode } from '../exit.ts'
import type { Io } from '../io.ts'
import { compareAfter } from '../revert/compare-after.ts'
import { revertText } from '../revert/revert-text.ts'

export interface RevertOptions {
  readonly repo?: string
  readonly branch?: string
  readonly path: readonly string[]
  readonly rollout?: string
  readonly image?: string
  readonly from?: string
  readonly to: string
  readonly live?: string
  readonly site: readonly string[]
  readonly dryRun?: boolean
  readonly push: boolean
  readonly reason?: string
  readonly format: 'text' | 'json'
}

/** `rollsync revert`: 0 reverted, planned or already there; 2 where it cannot be done. */
export async function revertCommand(options: RevertOptions, io: Io): Promise<ExitCode> {
  if (options.rollout === undefined && options.image === undefined && options.from === undefined) {
    throw new CliError('USAGE', 'which image is to be reverted?', { hint: 'give --rollout NAME or --image NAME' })
  }
  const effects = { ...nodeEffects((phase) => (options.format === 'text' ? io.err(`${phase}\n`) : undefined)) }
  const repo = options.repo ?? io.cwd
  const land = options.push ? 'remote' : 'local'
  const opened = await openRepository({ repo, land, ...(options.branch === undefined ? {} : { branch: options.branch }) }, effects)
  try {
    const result = await revert({ ...(await wishOf(options, io)), author: await configuredPerson(effects, repo), committer: await configuredPerson(effects, repo, 'COMMITTER') }, opened.repository, effects)
    const settled = await opened.settle(result)
    await say(options, opened, { result, settled }, io)
    return 0
  } catch (error) {
    if (!(error instanceof RevertError)) throw error
    const candidates = error.candidates.map((one) => `\n  ${one.id}  ${one.image}  ${one.what}`).join('')
    throw new CliError(error.code, `${error.message}${candidates}`, { ...(error.hint === undefined ? {} : { hint: error.hint }), cause: error })
  } finally {
    await opened.repository.close?.()
  }
}

interface Done {
  readonly result: RevertResult
  readonly settled: Awaited<ReturnType<Opened['settle']>>
}

async function say(options: RevertOptions, opened: Opened, { result, settled }: Done, io: Io): Promise<void> {
  const after = await compareAfter(opened.repository, result)
  const { made: _made, ...printed } = result
  if (options.format === 'json') return io.out(`${JSON.stringify({ ...printed, ...(settled === undefined ? {} : { settled }), after }, null, 2)}\n`)
  io.out(revertText(result, settled, after, options.dryRun === true ? 'dry run' : 'done'))
}

async function wishOf(options: RevertOptions, io: Io): Promise<Omit<Wish, 'author' | 'committer'>> {
  const live = options.live === undefined ? undefined : options.live === '-' ? await io.stdin() : new TextDecoder().decode(await io.read(options.live).catch((cause: unknown) => {
    throw new CliError('UNREADABLE', `${options.live}: cannot be read`, { hint: 'it is the output of kubectl get rollout,replicaset -o json', cause })
  }))
  return {
    to: options.to,
    until: options.dryRun === true ? 'plan' : 'commit',
    ...(options.from === undefined ? {} : { from: options.from }),
    ...(options.image === undefined ? {} : { image: options.image }),
    ...(options.rollout === undefined ? {} : { rollout: rolloutName(options.rollout) }),
    ...(live === undefined ? {} : { live }),
    ...(options.site.length === 0 ? {} : { sites: options.site }),
    ...(options.path.length === 0 ? {} : { paths: options.path }),
    ...(options.reason === undefined ? {} : { reason: options.reason }),
  }
}

function rolloutName(text: string): RolloutName {
  const [namespace, name, ...rest] = text.split('/')
  if (rest.length > 0 || namespace === '' || name === '') throw new CliError('USAGE', `--rollout ${text}: not a name`, { hint: 'NAME or NAMESPACE/NAME' })
  return name === undefined ? { name: text } : { namespace: namespace ?? '', name }
}
