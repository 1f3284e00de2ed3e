import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Bare, git, makeBare } from '../../revert/test/git-server.ts'

// What kubectl.mjs beside this file answers from: Rollout shop/web, paused at step 1 of a canary from web:1 to web:2, and a bare repository that names web:2.

export const kubectl: string = fileURLToPath(new URL('kubectl.mjs', import.meta.url))

export interface FakeCluster {
  readonly bare: Bare
  /** For the variable CLUSTER. */
  readonly file: string
  readonly read: () => Cluster
  readonly change: (how: (cluster: Cluster) => void) => void
  /** The command lines of kubectl that changed something. */
  readonly patches: () => readonly string[]
  readonly subjects: () => readonly string[]
  readonly remove: () => void
}

export interface Cluster {
  rollout: { status: Record<string, unknown> }
  application: { status: Record<string, unknown> }
  /** How many of the next commands find no API server. */
  down: number
  /** Whether patches of the Rollout are refused, by the word of `kubectl auth can-i`. */
  denied?: boolean
}

const image = (tag: string): string => `registry.example.com/web:${tag}`
const pods = (tag: string): object => ({ spec: { containers: [{ name: 'web', image: image(tag) }] } })
const manifest = (tag: string): string => `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: web
  namespace: shop
spec:
  template:
    spec:
      containers:
        - name: web
          image: ${image(tag)}
`
const replicaSet = (hash: string, tag: string): object => ({
  kind: 'ReplicaSet', metadata: { name: `web-${hash}`, namespace: 'shop', creationTimestamp: '2026-01-01T00:00:00Z', labels: { 'rollouts-pod-template-hash': hash }, ownerReferences: [{ kind: 'Rollout', name: 'web' }] },
  spec: { template: pods(tag) },
})

export function makeFakeCluster(): FakeCluster {
  const bare = makeBare({ 'web.yaml': manifest('1') })
  bare.commit({ 'web.yaml': manifest('2') }, 'release 2')
  const file = join(bare.root, 'cluster.json')
  const write = (cluster: object): void => {
    writeFileSync(`${file}.new`, JSON.stringify(cluster))
    renameSync(`${file}.new`, file)
  }
  write({
    git: bare.path, down: 0,
    rollout: {
      kind: 'Rollout', metadata: { name: 'web', namespace: 'shop', generation: 2 },
      spec: { strategy: { canary: { steps: [{ setWeight: 10 }, { pause: {} }, { setWeight: 50 }, { pause: { duration: '20s' } }] } }, template: pods('2') },
      status: { currentPodHash: 'new', stableRS: 'old', currentStepIndex: 1, observedGeneration: '2', phase: 'Paused', message: 'CanaryPauseStep', controllerPause: true, pauseConditions: [{ reason: 'CanaryPauseStep', startTime: '2026-01-01T00:00:00Z' }] },
    },
    replicaSets: [replicaSet('old', '1'), replicaSet('new', '2')],
    application: { kind: 'Application', metadata: { name: 'web', namespace: 'argocd' }, status: { sync: { status: 'Synced', revision: git(bare.path, 'rev-parse', 'main').trim() }, health: { status: 'Suspended' } } },
  })
  const read = (): Cluster => JSON.parse(readFileSync(file, 'utf8')) as Cluster
  return {
    bare, file, read,
    change: (how) => {
      const cluster = read()
      how(cluster)
      write(cluster)
    },
    patches: () => (existsSync(`${file}.calls`) ? readFileSync(`${file}.calls`, 'utf8').trim().split('\n') : []).map((line) => line.replace(/^.*--request-timeout 20s /, '')).filter((line) => line.startsWith('patch ')),
    subjects: () => git(bare.path, 'log', '--format=%s', 'main').trim().split('\n'),
    remove: bare.remove,
  }
}
