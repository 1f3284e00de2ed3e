import { readApplication } from './application.ts'
import type { ObjectName } from './cluster.ts'
import type { Observation } from './decide.ts'
import type { GateEffects } from './effects.ts'
import { GateError } from './gate-error.ts'
import type { GateState } from './gate-state.ts'
import { broughtBy, type GitOptions, holds } from './git.ts'
import { isStable, type Release, releaseOf } from './release.ts'
import { readRollout, type RolloutStatus } from './rollout-status.ts'
import { type Standing, standingOf } from './standing.ts'
import { parseDecision, type Wish } from './wish.ts'

/** What is kept from one look to the next; none of it has to outlive the process. */
export interface Memory {
  readonly since: Date
  standing: Standing | undefined
  looks: number
  abort: 'untried' | 'failed'
  gitTrouble: string | undefined
  /** When Argo CD was last told to look, by the clock that no one sets. */
  told: number | undefined
  /** What was last said of each matter: it is said again when it changes. */
  readonly said: Map<Matter, string>
}

type Matter = 'wait' | 'cluster' | 'decision file' | 'argocd' | 'abort' | 'promotion' | 'git'

export const freshMemory = (since: Date): Memory => ({ since, standing: undefined, looks: 0, abort: 'untried', gitTrouble: undefined, told: undefined, said: new Map() })

/** One look at cluster, decision file, signal and, once Git is written, Argo CD. Throws only where no later look could be better. */
export async function observe(state: GateState, memory: Memory, options: GitOptions, effects: GateEffects): Promise<Observation> {
  const rollout = await tolerant(memory, effects, async () => readRollout(await effects.cluster.getRollout(state.rollout)))
  const found = rollout === undefined || state.release !== undefined || state.outcome !== undefined ? undefined : await tolerant(memory, effects, async () => findRelease(state, rollout, options, effects))
  const standing = rollout === undefined || state.release === undefined ? undefined : standingOf(rollout, state.release)
  // A look that saw nothing neither confirms nor denies the one before.
  if (standing !== undefined) {
    memory.looks = standing === memory.standing ? memory.looks + 1 : 1
    memory.standing = standing
  }
  const wish = state.decision === undefined ? await readWish(state.release, memory, effects) : undefined
  return { since: memory.since, rollout, found, standing, looks: memory.looks, wish, argocd: await lookAtArgocd(state, memory, effects), abort: memory.abort, gitTrouble: memory.gitTrouble }
}

async function tolerant<T>(memory: Memory, effects: GateEffects, look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look()
  } catch (error) {
    if (!(error instanceof GateError) || error.code === 'no-kubectl') throw error
    say(memory, 'cluster', error.message, effects)
    return undefined
  }
}

async function findRelease(state: GateState, rollout: RolloutStatus, options: GitOptions, effects: GateEffects): Promise<Observation['found']> {
  if (state.image === undefined && rollout.podHash === rollout.stableHash) return undefined
  const replicaSets = await effects.cluster.getReplicaSets(state.rollout.namespace)
  if (state.image !== undefined && isStable(state.rollout, rollout, replicaSets, state.image)) return 'stable already'
  const release = releaseOf(state.rollout, rollout, replicaSets, state.image)
  if (release === undefined) return undefined
  // Only a decision that writes Git needs to know.
  return { ...release, broughtBy: await broughtBy(state.rollout, release, options, effects).catch(() => 'unknown' as const) }
}

async function readWish(release: Release | undefined, memory: Memory, effects: GateEffects): Promise<Wish | undefined> {
  const signalled = effects.signalled?.()
  const file = release === undefined ? undefined : await effects.readDecision?.().catch((error: unknown) => void say(memory, 'decision file', `the decision file cannot be read: ${error instanceof Error ? error.message : String(error)}`, effects))
  if (file !== undefined && file !== null && release !== undefined) {
    const wish = parseDecision(file)
    const isStale = file.at < Date.parse(release.createdAt)
    if (wish !== undefined && isStale) say(memory, 'decision file', 'the decision file is older than the release and does not count', effects)
    else if (wish !== undefined && 'fault' in wish) say(memory, 'decision file', `the decision file does not count: ${wish.fault}`, effects)
    else if (wish !== undefined) return wish
  }
  return signalled === undefined ? undefined : { verdict: signalled, by: 'signal' }
}

async function lookAtArgocd({ application, reverted }: GateState, memory: Memory, effects: GateEffects): Promise<Observation['argocd']> {
  if (application === undefined || reverted === undefined) return { stands: 'not asked' }
  await tellArgocd(application, memory, effects)
  const status = await tolerant(memory, effects, async () => readApplication(await effects.cluster.getApplication(application)))
  if (status === undefined) return { stands: 'elsewhere', why: 'the API server' }
  const { sync, health, revisions, message } = status
  if (sync !== 'Synced' || health !== 'Healthy') return { stands: 'elsewhere', why: `Argo CD, which says ${sync} and ${health}${message === '' ? '' : `: ${message}`}` }
  for (const revision of revisions) {
    if ((await holds(revision, reverted.commit, effects).catch(() => 'no' as const)) === 'yes') return { stands: 'there' }
  }
  return { stands: 'elsewhere', why: `Argo CD, which is at ${revisions.map((one) => one.slice(0, 10)).join(', ') || 'no revision'}` }
}

const tellEvery = 60_000

/** Argo CD looks at Git every three minutes by itself; a request that got lost, or came before its server saw the commit, is made again. */
async function tellArgocd(application: ObjectName, memory: Memory, effects: GateEffects): Promise<void> {
  if (memory.told !== undefined && effects.elapsed() - memory.told < tellEvery) return
  try {
    await effects.cluster.refreshApplication(application)
    memory.told = effects.elapsed()
  } catch (error) {
    if (!(error instanceof GateError)) throw error
    say(memory, 'argocd', `Argo CD was not told: ${error.message}`, effects)
  }
}

/** Progress, without the same line at every look. */
export function say(memory: Memory, matter: Matter, text: string, { progress }: Pick<GateEffects, 'progress'>): void {
  if (memory.said.get(matter) === text) return
  memory.said.set(matter, text)
  progress?.(text)
}
