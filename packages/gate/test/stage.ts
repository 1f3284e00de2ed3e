import { type KubeObject, refKey } from '@rollsync/manifests'
import { type Effects, findLocal, nodeEffects, openLocal, type Repository } from '@rollsync/revert'
import { type Event, objectsOf, rolloutsProfile, simulate, type World, worldOf } from '@rollsync/rollouts'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { git, makeBare } from '../../revert/test/git-server.ts'
import type { Cluster } from '../src/cluster.ts'
import type { GateEffects } from '../src/effects.ts'
import { GateError } from '../src/gate-error.ts'
import type { GateOptions } from '../src/run-gate.ts'
import type { StateStore } from '../src/state-file.ts'
import type { DecisionText } from '../src/wish.ts'

// A stage for tests: the simulator as the cluster, a bare repository as Git, an Argo CD that syncs when it is told to look, and a clock that only sleeping moves.

const { profile } = rolloutsProfile('v1.10.2')
const web = { group: 'argoproj.io', kind: 'Rollout', namespace: 'default', name: 'web' } as const
export const name = { namespace: 'default', name: 'web' } as const
export const app = { namespace: 'argocd', name: 'web' } as const
export const threeSteps: readonly unknown[] = [{ setWeight: 10 }, { pause: {} }, { setWeight: 50 }, { pause: {} }, { setWeight: 80 }, { pause: { duration: '20s' } }]

/** The steps of a canary, or another strategy. */
type Strategy = readonly unknown[] | { readonly blueGreen: Readonly<Record<string, unknown>> }

export const manifest = (image: string, strategy: Strategy = threeSteps): string => JSON.stringify(rollout(image, strategy), null, 2)

function rollout(image: string, strategy: Strategy): KubeObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'web', namespace: 'default' },
    spec: { replicas: 4, selector: { matchLabels: { app: 'web' } }, strategy: 'blueGreen' in strategy ? strategy : { canary: { steps: strategy } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image }] } } },
  }
}

/** A bare repository, and a clone of it that commits like any other writer. */
interface Bare {
  readonly path: string
  readonly commit: (files: Readonly<Record<string, string>>, message: string) => void
  readonly file: (name: string) => string
  readonly remove: () => void
}

const templates = new Map<string, string>()

/** Copied from one that is made once: git is slow to start. */
function repositoryFor(steps: Strategy): Bare {
  const key = JSON.stringify(steps)
  const template = templates.get(key) ?? makeTemplate(steps)
  templates.set(key, template)
  const root = mkdtempSync(join(tmpdir(), 'rollsync-gate-'))
  cpSync(template, root, { recursive: true })
  const [path, clone] = [join(root, 'origin.git'), join(root, 'clone')]
  const config = join(clone, '.git/config')
  writeFileSync(config, readFileSync(config, 'utf8').replaceAll(template, root))
  return {
    path,
    commit: (files, message) => {
      git(clone, 'pull', '-q', '--ff-only', 'origin', 'main')
      for (const [name, text] of Object.entries(files)) writeFileSync(join(clone, name), text)
      git(clone, 'commit', '-q', '-a', '-m', message)
      git(clone, 'push', '-q', 'origin', 'main')
    },
    file: (name) => git(path, 'show', `main:${name}`),
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

function makeTemplate(steps: Strategy): string {
  const made = makeBare({ 'web.json': manifest('r.io/app:1', steps) })
  made.commit({ 'web.json': manifest('r.io/app:2', steps) }, 'release 2')
  return made.root
}

/** Removes the repositories that the others were copied from. */
export function removeTemplates(): void {
  for (const root of templates.values()) rmSync(root, { recursive: true, force: true })
  templates.clear()
}

/** Where the process dies: at the n-th effect from now, before or after it was done. */
export interface Death {
  at: number
  when: 'before' | 'after'
}

export class Killed extends Error {}

export interface Stage {
  readonly bare: Bare
  readonly effects: GateEffects
  /** The same cluster, Git and clock, with another state file: a gate on another machine. */
  readonly elsewhere: () => GateEffects
  readonly act: (...events: readonly Event[]) => void
  /** Runs something once the clock has come there, in seconds from the start. */
  readonly at: (seconds: number, what: () => void) => void
  readonly live: () => KubeObject
  readonly decision: (text: string, at?: number) => void
  readonly signal: (verdict: 'promote' | 'roll back') => void
  readonly seconds: () => number
  /** Sets the wall clock, in seconds. */
  readonly jump: (seconds: number) => void
  readonly cluster: { down: 'no' | 'yes'; denied: 'no' | 'yes'; autoSync: 'yes' | 'no' }
  readonly remote: { down: 'no' | 'yes' }
  readonly patches: string[]
  readonly progress: string[]
  readonly dieAt: (death: Death | undefined) => number
  readonly reverts: () => readonly string[]
  readonly image: () => string
  readonly states: string[]
  readonly remove: () => void
}

export const options: GateOptions = { rollout: name, author: { name: 'Ann', email: 'ann@example.com' }, application: app, pollSeconds: 15 }

const real: Effects = nodeEffects()
export const startedAt: number = Date.parse('2026-03-01T12:00:00Z')

/** A Rollout that runs app:1 and is asked for app:2, in the cluster as in Git. */
export function stage(steps: Strategy = threeSteps): Stage {
  const bare = repositoryFor(steps)
  const service = (called: string): KubeObject => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: called, namespace: 'default' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } })
  const world: World = worldOf([service('active'), service('preview'), rollout('r.io/app:1', steps)])
  const events: Event[] = [{ do: 'apply', image: 'r.io/app:2' }]
  let current: World | undefined
  const now = (): World => (current ??= simulate(world, { events, profile }).states.at(-1)?.world ?? world)
  const act = (...more: readonly Event[]): void => {
    events.push(...more)
    current = undefined
  }
  const live = (): KubeObject => now().get(refKey(web)) as KubeObject

  let elapsed = 0
  let offset = 0
  const later: { seconds: number; what: () => void }[] = []
  const cluster: Stage['cluster'] = { down: 'no', denied: 'no', autoSync: 'yes' }
  const remote: Stage['remote'] = { down: 'no' }
  const patches: string[] = []
  const progress: string[] = []
  const states: string[] = []
  let decision: DecisionText | undefined
  let signalled: 'promote' | 'roll back' | undefined
  let revision = git(bare.path, 'rev-parse', 'main').trim()

  let death: Death | undefined
  let count = 0
  const mortal = async <T>(work: () => Promise<T>): Promise<T> => {
    count++
    if (death !== undefined && (count > death.at || (count === death.at && death.when === 'before'))) throw new Killed()
    const done = await work()
    if (death !== undefined && count >= death.at) throw new Killed()
    return done
  }
  const reach = async <T>(work: () => T): Promise<T> => mortal(async () => {
    if (cluster.down === 'yes') throw new GateError('unreachable', 'connection refused')
    return work()
  })

  const sync = (): void => {
    revision = git(bare.path, 'rev-parse', 'main').trim()
    const image = imageIn(bare)
    if (imageOf(live()) !== image) act({ do: 'apply', image })
  }
  const port: Cluster = {
    getRollout: async () => reach(live),
    getReplicaSets: async () => reach(() => objectsOf(now(), 'ReplicaSet')),
    getApplication: async () => reach(() => ({
      apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name: 'web', namespace: 'argocd' },
      status: { sync: { status: imageOf(live()) === imageIn(bare) ? 'Synced' : 'OutOfSync', revision }, health: { status: (live()['status'] as { phase?: string } | undefined)?.phase ?? 'Progressing' } },
    })),
    patchRollout: async (_, { on, patch }) => reach(() => {
      if (cluster.denied === 'yes') throw new GateError('denied', 'forbidden')
      patches.push(`${on} ${patch}`)
      act({ do: 'edit', kind: 'Rollout', name: 'web', patch: JSON.parse(patch) as Readonly<Record<string, unknown>> })
    }),
    refreshApplication: async () => reach(() => {
      if (cluster.autoSync === 'yes') sync()
    }),
  }
  const openRepository = async (): Promise<{ repository: Repository; settle: () => Promise<undefined> }> => mortal(async () => {
    const { RevertError } = await import('@rollsync/revert')
    if (remote.down === 'yes') throw new RevertError('network', 'the remote cannot be reached')
    const paths = await findLocal(real, bare.path)
    if (paths === undefined) throw new Error('no repository')
    const repository = await openLocal(real, paths, 'main')
    return { repository: { ...repository, commit: async (draft) => mortal(async () => repository.commit(draft)), publish: async (commit) => mortal(async () => repository.publish(commit)) }, settle: async () => undefined }
  })
  const passTime = (milliseconds: number): void => {
    const end = elapsed + milliseconds
    for (;;) {
      const [next] = later.filter((one) => one.seconds * 1000 <= end).toSorted((a, b) => a.seconds - b.seconds)
      if (next === undefined) break
      later.splice(later.indexOf(next), 1)
      elapsed = Math.max(elapsed, next.seconds * 1000)
      next.what()
    }
    elapsed = end
    act({ do: 'wait', seconds: Math.round(milliseconds / 1000) })
    // Many waits in a row are one.
    const [a, b] = events.slice(-2)
    if (a?.do === 'wait' && b?.do === 'wait') events.splice(-2, 2, { do: 'wait', seconds: a.seconds + b.seconds })
    if (elapsed > 20 * 3600_000) throw new Error('the gate does not end')
  }
  const effectsOn = (kept: string[]): GateEffects => ({
    cluster: port,
    state: memoryStore(kept, mortal),
    openRepository,
    now: () => new Date(startedAt + elapsed + offset),
    elapsed: () => elapsed,
    random: () => 0.5,
    sleep: async (milliseconds) => mortal(async () => passTime(milliseconds)),
    progress: (text) => void progress.push(text),
    readDecision: async () => decision,
    signalled: () => signalled,
  })
  return {
    bare, act, live, cluster, remote, patches, progress, states,
    effects: effectsOn(states),
    elsewhere: () => effectsOn([]),
    at: (seconds, what) => void later.push({ seconds, what }),
    decision: (text, at = startedAt + elapsed) => void (decision = { text, at }),
    signal: (verdict) => void (signalled = verdict),
    seconds: () => elapsed / 1000,
    jump: (seconds) => void (offset = seconds * 1000),
    dieAt: (wanted) => {
      const before = count
      death = wanted
      count = 0
      return before
    },
    reverts: () => git(bare.path, 'log', '--format=%s', 'main').trim().split('\n').filter((subject) => subject.startsWith('Revert')),
    image: () => imageIn(bare),
    remove: bare.remove,
  }
}

function imageOf(object: KubeObject): string {
  return (object['spec'] as { template: { spec: { containers: readonly { image: string }[] } } }).template.spec.containers[0]?.image ?? ''
}

function imageIn(bare: Bare): string {
  return imageOf(JSON.parse(bare.file('web.json')) as KubeObject)
}

/** A state store that keeps its generations in a list. */
function memoryStore(kept: string[], mortal: <T>(work: () => Promise<T>) => Promise<T>): StateStore {
  return {
    name: 'gate.json',
    read: async () => {
      const text = kept.at(-1)
      return text === undefined ? undefined : { generation: kept.length, text }
    },
    write: async (generation, text) => mortal(async () => {
      if (generation <= kept.length) return 'another was first'
      kept.push(text)
      return 'written'
    }),
  }
}
