import { configuredPerson, type CredentialSource, type Effects, type Forge, nodeEffects, type Opened, type Proposed, proposeRevert, revert, type RevertOptions as Wish, type RevertResult, type RolloutName, watchRevert } from '@rollsync/revert'
import { parseDuration } from '../duration.ts'
import { CliError, type ExitCode } from '../exit.ts'
import type { Io } from '../io.ts'
import { compareAfter } from '../revert/compare-after.ts'
import { inOurWords } from '../revert/in-our-words.ts'
import { credentialsOf, forgeBehind, openManifests } from '../revert/open-manifests.ts'
import { revertText } from '../revert/revert-text.ts'
import { signingFor } from '../revert/signing-for.ts'

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
  const credentials = credentialsOf(effects, options)
  const wanted = await wishOf(options, io)
  const opened = await open(options, repo, effects, credentials).catch(inOurWords)
  try {
    const wish = { ...wanted, ...(await identity(options, effects, repo)) }
    const result = options.pr === true && options.dryRun !== true ? await propose(options, wish, { opened, credentials }, effects) : await revert(wish, opened.repository, effects)
    const settled = options.pr === true ? undefined : await opened.settle(result)
    await say(options, opened, { result, settled }, io)
    return seconds === undefined || result.state !== 'reverted' ? 0 : await watch(result, opened, seconds, effects, io)
  } catch (error) {
    return inOurWords(error)
  } finally {
    await opened.repository.close?.()
  }
}

/** Author, committer and signature as git itself would take them. */
async function identity({ backEnd }: RevertOptions, effects: Effects, repo: string): Promise<Pick<Wish, 'author' | 'committer' | 'sign'>> {
  return { author: await configuredPerson(effects, repo), committer: await configuredPerson(effects, repo, 'COMMITTER'), ...(await signingFor(backEnd, effects, repo)) }
}

async function open(options: RevertOptions, repo: string, effects: Effects, credentials: CredentialSource): Promise<Opened> {
  if (options.backEnd === 'forge' && !options.push) throw new CliError('USAGE', '--back-end forge commits on the remote only', { hint: 'leave out --no-push' })
  if (options.backEnd === 'forge' && options.pr === true) throw new CliError('USAGE', '--back-end forge commits on the branch itself, --pr on one of its own that is pushed', { hint: 'give one of the two' })
  return openManifests({ repo, land: options.push ? 'remote' : 'local', ...given({ branch: options.branch, backEnd: options.backEnd, forge: options.forge }) }, effects, credentials)
}

async function propose(options: RevertOptions, wish: Wish, { opened, credentials }: { readonly opened: Opened; readonly credentials: CredentialSource }, effects: Effects): Promise<Proposed> {
  const forge = await forgeBehind(opened, effects, credentials, { flag: '--pr', ...given({ forge: options.forge }) })
  return proposeRevert(wish, opened.repository, forge, effects, { labels: options.label ?? [] })
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
