import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { applyMergePatch, type KubeObject, parse, toYaml } from '@rollsync/manifests'
import type { Commit } from '@rollsync/ignore'
import { argocdNamespace } from '../cluster/processes/argocd.ts'
import { rollsync } from './predict.ts'
import type { Scenario } from './scenario.ts'

/** A scenario's Git: a bare repository that Argo CD and `rollsync revert` talk to, and a work tree that commits are made in. */
export interface ManifestRepository {
  readonly bare: string
  readonly tree: string
  readonly application: KubeObject
  readonly head: () => string
  /** Commits what the event says, as a person would, and pushes. */
  readonly commit: (event: Commit) => void
}

const branch = 'main'

export function createRepository({ objects, application, rollout, generate }: Scenario, namespace: string, folder: string): ManifestRepository {
  rmSync(folder, { recursive: true, force: true })
  const [bare, tree] = [join(folder, 'origin.git'), join(folder, 'tree')]
  mkdirSync(join(tree, 'manifests'), { recursive: true })
  git(folder, 'init', '--quiet', '--bare', '--initial-branch', branch, bare)
  git(tree, 'init', '--quiet', '--initial-branch', branch)
  git(tree, 'remote', 'add', 'origin', bare)
  const written = new Map(objects.map((object) => [fileOf(object), { ...object, metadata: { ...object.metadata, namespace } } as KubeObject]))
  writeAll(tree, written)
  writeFileSync(join(tree, 'apps.yaml'), toYaml(applicationOf(application, namespace, bare)))
  if (generate !== undefined) execFileSync(process.execPath, [rollsync, 'generate', '--write', ...(generate === 'anchor' ? ['--anchor'] : []), '.'], { cwd: tree, stdio: 'pipe' })
  const held = new Map([...written.keys()].map((file) => [file, objectIn(join(tree, 'manifests', file))]))
  const push = (message: string): void => {
    writeAll(tree, held)
    git(tree, 'add', '-A')
    git(tree, 'commit', '--quiet', '--allow-empty', '-m', message)
    git(tree, 'push', '--quiet', 'origin', branch)
  }
  push('deploy')
  return {
    bare, tree, application: objectIn(join(tree, 'apps.yaml')),
    head: () => git(bare, 'rev-parse', branch),
    commit: (event) => {
      // Someone else may have pushed.
      git(tree, 'pull', '--quiet', '--rebase', 'origin', branch)
      const [file] = found(held, event, rollout)
      // A revert may have changed what Git holds.
      const object = objectIn(join(tree, 'manifests', file))
      held.set(file, ('image' in event ? withImage(object, event.image) : applyMergePatch(object, event.patch)) as KubeObject)
      push('image' in event ? `image ${event.image}` : `${event.kind} ${event.name}`)
    },
  }
}

function writeAll(tree: string, objects: ReadonlyMap<string, KubeObject>): void {
  for (const [file, object] of objects) writeFileSync(join(tree, 'manifests', file), toYaml(object))
}

function objectIn(path: string): KubeObject {
  const [manifest] = parse([{ file: path, text: readFileSync(path, 'utf8') }]).manifests
  if (manifest === undefined) throw new Error(`${path} holds no object`)
  return manifest.value
}

function applicationOf({ ignoreDifferences, syncOptions, automated, annotations }: Scenario['application'], namespace: string, bare: string): KubeObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name: namespace, namespace: argocdNamespace, ...(annotations === undefined ? {} : { annotations }) },
    spec: {
      project: 'default', source: { repoURL: `file://${bare}`, targetRevision: branch, path: 'manifests' }, destination: { server: 'https://kubernetes.default.svc', namespace },
      syncPolicy: { ...(automated === null ? {} : { automated: automated ?? { prune: true, selfHeal: true } }), ...(syncOptions === undefined ? {} : { syncOptions }) },
      ...(ignoreDifferences === undefined ? {} : { ignoreDifferences }),
    },
  }
}

function fileOf({ kind, metadata: { name } }: KubeObject): string {
  return `${kind.toLowerCase()}-${name}.yaml`
}

function found(held: ReadonlyMap<string, KubeObject>, event: Commit, rollout: string): readonly [string, KubeObject] {
  const [kind, name] = 'image' in event ? ['Rollout', event.rollout ?? rollout] : [event.kind, event.name]
  const entry = [...held].find(([, object]) => object.kind === kind && object.metadata.name === name)
  if (entry === undefined) throw new Error(`the scenario holds no ${kind} ${name}`)
  return entry
}

function withImage(rollout: KubeObject, image: string): KubeObject {
  const copy = structuredClone(rollout) as unknown as { spec: { template: { spec: { containers: { image: string }[] } } } }
  const [container] = copy.spec.template.spec.containers
  if (container !== undefined) container.image = image
  return copy as unknown as KubeObject
}

function git(cwd: string, ...args: readonly string[]): string {
  const identity = { GIT_AUTHOR_NAME: 'dev', GIT_AUTHOR_EMAIL: 'dev@example.com', GIT_COMMITTER_NAME: 'dev', GIT_COMMITTER_EMAIL: 'dev@example.com' }
  return execFileSync('git', args, { cwd, encoding: 'utf8', env: { ...process.env, ...identity } }).trim()
}
