import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { applyMergePatch, type KubeObject, parse, toYaml } from '@rollsync/manifests'
import { type Commit, withImage } from '@rollsync/ignore'
import { argocdNamespace } from '../cluster/processes/argocd.ts'
import { runCommand } from './run-command.ts'
import type { Scenario } from './scenario.ts'
import { branch, git, initWorkTree, pull, push } from './work-tree.ts'

/** A scenario's Git: a bare repository that Argo CD and `rollsync revert` talk to, and a work tree that commits are made in. */
export interface ManifestRepository {
  readonly bare: string
  readonly tree: string
  readonly application: KubeObject
  readonly head: () => string
  /** Commits what the event says, as a person would, and pushes. */
  readonly commit: (event: Commit) => void
}

export async function createRepository({ objects, application, rollout, generate }: Scenario, namespace: string, folder: string): Promise<ManifestRepository> {
  rmSync(folder, { recursive: true, force: true })
  const tree = join(folder, 'tree')
  mkdirSync(join(tree, 'manifests'), { recursive: true })
  const bare = initWorkTree(folder, tree)
  const written = new Map(objects.map((object) => [fileOf(object), { ...object, metadata: { ...object.metadata, namespace } } as KubeObject]))
  writeAll(tree, written)
  writeFileSync(join(tree, 'apps.yaml'), toYaml(applicationOf(application, namespace, bare)))
  if (generate !== undefined) await runCommand(['generate', '--write', ...(generate === 'anchor' ? ['--anchor'] : []), '.'], [0], { cwd: tree })
  const held = new Map([...written.keys()].map((file) => [file, objectIn(join(tree, 'manifests', file))]))
  writeAll(tree, held)
  push(tree, 'deploy')
  return {
    bare, tree, application: objectIn(join(tree, 'apps.yaml')),
    head: () => git(bare, 'rev-parse', branch),
    commit: (event) => {
      pull(tree)
      const [file] = found(held, event, rollout)
      // A revert may have changed what Git holds.
      const object = objectIn(join(tree, 'manifests', file))
      held.set(file, ('image' in event ? withImage(object, event.image) : applyMergePatch(object, event.patch)) as KubeObject)
      writeAll(tree, held)
      push(tree, 'image' in event ? `image ${event.image}` : `${event.kind} ${event.name}`)
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
