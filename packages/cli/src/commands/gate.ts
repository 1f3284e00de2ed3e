import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Cluster, type DecisionText, exitCodeOf, type GateEffects, GateError, type GateOptions, kubectlCluster, type ObjectName, type OnDeadline, runGate, stateFile, type Wish } from '@rollsync/gate'
import { configuredPerson, type Effects, type Forge, nodeEffects, type Run } from '@rollsync/revert'
import { parseDuration } from '../duration.ts'
import { CliError, type ExitCode } from '../exit.ts'
import { gateText } from '../gate/gate-text.ts'
import type { Io } from '../io.ts'
import { inOurWords } from '../revert/in-our-words.ts'
import { credentialsOf, openManifests } from '../revert/open-manifests.ts'
import { signingFor } from '../revert/signing-for.ts'

export interface GateCommandOptions {
  readonly rollout: string
  readonly image?: string
  readonly deadline: string
  readonly onDeadline: OnDeadline
  readonly decision?: string
  readonly state?: string
  readonly application?: string
  readonly promote: 'step' | 'full'
  readonly settle: string
  readonly poll: string
  readonly kubectl: string
  readonly context?: string
  readonly argocdContext?: string
  readonly repo?: string
  readonly branch?: string
  readonly path?: readonly string[]
  readonly site?: readonly string[]
  readonly reason?: string
  readonly requestedBy?: string
  readonly signOff?: boolean
  readonly hold?: boolean
  readonly forge?: Forge['kind']
  readonly backEnd?: 'built-in' | 'git' | 'forge'
  readonly format: 'text' | 'json'
}

/** `rollsync gate`: 0 promoted, 1 rolled back or aborted, 3 decided but not carried out in time, 4 left alone; 2 where it cannot go on. */
export async function gateCommand(options: GateCommandOptions, io: Io): Promise<ExitCode> {
  const node = nodeEffects((phase) => io.err(`${phase}\n`))
  const signals = listenForSignals()
  try {
    const wishes = await wishesOf(options, node, io)
    const result = await runGate(wishes, { ...gateEffects(options, node, io), signalled: signals.signalled })
    io.out(options.format === 'json' ? `${JSON.stringify(result, null, 2)}\n` : gateText(result))
    return exitCodeOf(result.outcome)
  } catch (error) {
    if (error instanceof GateError) throw new CliError(error.code, error.message, { ...(error.hint === undefined ? {} : { hint: error.hint }), cause: error })
    return inOurWords(error)
  } finally {
    signals.stop()
  }
}

async function wishesOf(options: GateCommandOptions, effects: Effects, io: Io): Promise<GateOptions> {
  const repo = options.repo ?? io.cwd
  return {
    signOff: options.signOff === true ? 'yes' : 'no',
    hold: options.hold === true ? 'yes' : 'no',
    ...(await signingFor(options.backEnd, effects, repo)),
    ...(options.requestedBy === undefined ? {} : { requestedBy: options.requestedBy }),
    rollout: objectName(options.rollout, '--rollout'),
    deadlineSeconds: parseDuration(options.deadline, '--deadline'),
    settleSeconds: parseDuration(options.settle, '--settle'),
    pollSeconds: Math.max(0.1, parseDuration(options.poll, '--poll')),
    onDeadline: options.onDeadline,
    promote: options.promote,
    author: await configuredPerson(effects, repo),
    committer: await configuredPerson(effects, repo, 'COMMITTER'),
    ...(options.image === undefined ? {} : { image: options.image }),
    ...(options.application === undefined ? {} : { application: objectName(options.application, '--application') }),
    ...(options.site === undefined ? {} : { sites: options.site }),
    ...(options.path === undefined ? {} : { paths: options.path }),
    ...(options.reason === undefined ? {} : { reason: options.reason }),
  }
}

function gateEffects(options: GateCommandOptions, effects: Effects, io: Io): GateEffects {
  const { now, random, sleep, progress, fs } = effects
  const credentials = credentialsOf(effects, options)
  const decision = options.decision === undefined ? undefined : resolve(io.cwd, options.decision)
  return {
    now, random, sleep, ...(progress === undefined ? {} : { progress }),
    elapsed: () => performance.now(),
    cluster: clusterOf(options, effects.run as Run),
    state: stateFile(resolve(io.cwd, options.state ?? stateOfBuild(options.rollout, process.env)), fs.promises, () => `${process.pid}-${Math.floor(random() * 1e9)}`),
    openRepository: async () => openManifests({ ...options, repo: options.repo ?? io.cwd, land: 'remote' }, effects, credentials),
    ...(decision === undefined ? {} : { readDecision: async () => readDecision(decision, options.decision ?? '', io) }),
  }
}

/** Argo CD often stands in a cluster of its own. */
function clusterOf({ kubectl, context, argocdContext = context }: GateCommandOptions, run: Run): Cluster {
  const within = (name: string | undefined): Cluster => kubectlCluster({ run, program: kubectl, ...(name === undefined ? {} : { context: name }) })
  const { getApplication, refreshApplication } = within(argocdContext)
  return { ...within(context), getApplication, refreshApplication }
}

async function readDecision(path: string, shown: string, io: Io): Promise<DecisionText | undefined> {
  const written = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return written === undefined ? undefined : { text: new TextDecoder().decode(await io.read(shown)).slice(0, 10_000), at: written.mtimeMs }
}

/** One state file per build, where the CI says which build it is; anything else could be another release's. */
function stateOfBuild(rollout: string, env: Readonly<Record<string, string | undefined>>): string {
  const build = [env['BUILD_TAG'], env['GITHUB_RUN_ID'], env['CI_PIPELINE_ID']].find((one) => one !== undefined && one !== '')
  if (build === undefined) throw new CliError('USAGE', 'where is the state of the gate to be kept?', { hint: 'give --state FILE, a new one for each release; in Jenkins, GitHub Actions and GitLab it is named after the build' })
  return `.rollsync/gate-${`${rollout}-${build}`.replaceAll(/[^\w.-]+/g, '-')}.json`
}

function objectName(text: string, option: string): ObjectName {
  const [namespace = '', name = '', ...rest] = text.split('/')
  const isName = (one: string): boolean => /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(one)
  if (rest.length > 0 || !isName(namespace) || !isName(name)) throw new CliError('USAGE', `${option} ${text}: not NAMESPACE/NAME`, { hint: rest.length === 0 && name === '' ? `with its namespace, for example ${option} shop/${text === '' ? 'web' : text}` : 'small letters, digits, - and ., as in shop/web' })
  return { namespace, name }
}

interface Signals {
  readonly signalled: () => Wish['verdict'] | undefined
  readonly stop: () => void
}

/** SIGUSR1 promotes, SIGUSR2 rolls back; the first one counts. There are none on Windows. */
function listenForSignals(): Signals {
  let verdict: Wish['verdict'] | undefined
  const promote = (): void => void (verdict ??= 'promote')
  const rollBack = (): void => void (verdict ??= 'roll back')
  if (process.platform === 'win32') return { signalled: () => undefined, stop: () => undefined }
  process.on('SIGUSR1', promote).on('SIGUSR2', rollBack)
  return { signalled: () => verdict, stop: () => void process.off('SIGUSR1', promote).off('SIGUSR2', rollBack) }
}
