import { configuredPerson, configuredSigning, type Effects, type Forge, nodeEffects, type Opened, openRepository, type Proposed, proposeRevert, revert, RevertError, type RevertOptions as Wish, type RevertResult, type RolloutName, signWith, throughForge, watchRevert } from '@rollsync/revert'
import { parseDuration } from '../duration.ts'
import { CliError, type ExitCode } from '../exit.ts'
import type { Io } from '../io.ts'
import { compareAfter } from '../revert/compare-after.ts'
import { forgeBehind } from '../revert/forge-behind.ts'
import { revertText } from '../revert/revert-text.ts'

export interface RevertOptions {
  readonly repo?: string
  readonly branch?: string
  readonly path?: readonly string[]
  readonly rollout?: string
  readonly image?: string
  readonly from?: string
  readonly to: string
  readonly live?: string
  readonly site?: readonly string[]
  readonly dryRun?: boolean
  readonly push: boolean
  readonly reason?: string
  readonly requestedBy?: string
  readonly signOff?: boolean
  readonly hold?: boolean
  readonly pr?: boolean
  readonly label?: readonly string[]
  readonly forge?: Forge['kind']
  readonly backEnd?: 'built-in' | 'git' | 'forge'
  readonly watch?: string
  readonly format: 'text' | 'json'
}

/** `rollsync revert`: 0 reverted, planned or already there; 1 where --watch sees the bad image come back; 2 where it cannot be done. */
export async function revertCommand(options: RevertOptions, io: Io): Promise<ExitCode> {
  if (options.rollout === undefined && options.image === undefined && options.from === undefined) {
    throw new CliError('USAGE', 'which image is to be reverted?', { hint: 'give --rollout NAME or --image NAME' })
  }
  const seconds = options.watch === undefined ? undefined : parseDuration(options.watch, '--watch')
  const effects = nodeEffects((phase) => (options.format === 'text' ? io.err(`${phase}\n`) : undefined))
  const repo = options.repo ?? io.cwd
  const opened = await open(options, repo, effects).catch(inOurWords)
  try {
    const wish = { ...(await wishOf(options, io)), ...(await identity(options, effects, repo)) }
    const result = options.pr === true && options.dryRun !== true ? await propose(options, wish, opened, effects) : await revert(wish, opened.repository, effects)
    const settled = options.pr === true ? undefined : await opened.settle(result)
    await say(options, opened, { result, settled }, io)
    return seconds === undefined || result.state !== 'reverted' ? 0 : await watch(result, opened, seconds, effects, io)
  } catch (error) {
    return inOurWords(error)
  } finally {
    await opened.repository.close?.()
  }
}

/** Where several places could be meant, they are listed with the ids that --site takes. */
function inOurWords(error: unknown): never {
  if (!(error instanceof RevertError)) throw error
  const candidates = error.candidates.map((one) => `\n  ${one.id}  ${one.image}  ${one.what}`).join('')
  throw new CliError(error.code, `${error.message}${candidates}`, { ...given({ hint: error.hint }), cause: error })
}

/** Author, committer and signature as git itself would take them; a forge signs with its own key what it commits. */
async function identity({ backEnd }: RevertOptions, effects: Effects, repo: string): Promise<Pick<Wish, 'author' | 'committer' | 'sign'>> {
  const key = backEnd === 'forge' ? undefined : await configuredSigning(effects, repo)
  const sign = key === undefined || effects.run === undefined ? undefined : signWith(effects.run, key)
  return { author: await configuredPerson(effects, repo), committer: await configuredPerson(effects, repo, 'COMMITTER'), ...given({ sign }) }
}

/** The repository as the options want it: with `--back-end forge` it is read as ever, and its commits are made by the forge. */
async function open(options: RevertOptions, repo: string, effects: Effects): Promise<Opened> {
  const backEnd = options.backEnd === 'forge' ? 'built-in' : options.backEnd
  if (options.backEnd === 'forge' && !options.push) throw new CliError('USAGE', '--back-end forge commits on the remote only', { hint: 'leave out --no-push' })
  if (options.backEnd === 'forge' && options.pr === true) throw new CliError('USAGE', '--back-end forge commits on the branch itself, --pr on one of its own that is pushed', { hint: 'give one of the two' })
  const opened = await openRepository({ repo, land: options.push ? 'remote' : 'local', ...given({ branch: options.branch, backEnd }) }, effects)
  return options.backEnd === 'forge' ? { ...opened, repository: throughForge(opened.repository, forgeBehind(opened, effects, '--back-end forge', options.forge)) } : opened
}

async function propose(options: RevertOptions, wish: Wish, opened: Opened, effects: Effects): Promise<Proposed> {
  return proposeRevert(wish, opened.repository, forgeBehind(opened, effects, '--pr', options.forge), effects, { labels: options.label ?? [] })
}

async function watch(result: RevertResult, { repository }: Opened, seconds: number, effects: Effects, io: Io): Promise<ExitCode> {
  const watched = await watchRevert(result, repository, { seconds }, effects)
  if (watched.saw === 'nothing') {
    io.err(`watched for ${watched.seconds} s: the restored image stayed\n`)
    return 0
  }
  io.err(`after ${watched.seconds} s the bad image ${watched.image} is back at ${watched.site}: commit ${watched.commit} by ${watched.author.name} <${watched.author.email}>: ${watched.message}\n`)
  return 1
}

/** Only what was given: an absent option is no undefined one. */
function given<T extends Readonly<Record<string, unknown>>>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> }
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
    ...(options.site === undefined ? {} : { sites: options.site }),
    ...(options.path === undefined ? {} : { paths: options.path }),
    ...given({ reason: options.reason, requestedBy: options.requestedBy }),
    signOff: options.signOff === true ? 'yes' : 'no',
    hold: options.hold === true ? 'yes' : 'no',
  }
}

function rolloutName(text: string): RolloutName {
  const [namespace, name, ...rest] = text.split('/')
  if (rest.length > 0 || namespace === '' || name === '') throw new CliError('USAGE', `--rollout ${text}: not a name`, { hint: 'NAME or NAMESPACE/NAME' })
  return name === undefined ? { name: text } : { namespace: namespace ?? '', name }
}
