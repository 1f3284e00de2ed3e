import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { isMap, type KubeObject, type Manifest, parse, type SourceText, valueAt } from '@rollsync/manifests'
import { ClusterError } from '../cluster/cluster-error.ts'
import { argocdNamespace } from '../cluster/processes/argocd.ts'
import type { ManifestRepository } from '../e2e/manifest-repository.ts'
import { branch, git, initWorkTree, pull, push } from '../e2e/work-tree.ts'
import { edited, editedBy } from './commit-edits.ts'

const leftOut = new Set(['.git', 'node_modules'])

/** A user's folder as a Git repository of its own: what Argo CD reads and commits go to. The folder itself is only read. */
export interface LocalRepository {
  readonly bare: string
  readonly tree: string
  /** The copy as the folder was, for predictions. */
  readonly first: string
  /** The manifests of the copy, each named by its file. */
  readonly manifests: readonly Manifest[]
  /** An Application as the cluster gets it: with the source and destination of here, everything else as the user's. */
  readonly point: (application: KubeObject) => KubeObject
  /** The same as scenarios are lived with. */
  readonly forRollout: (application: KubeObject, rollout: string, namespace: string) => ManifestRepository
}

/** Copies a folder, without .git and node_modules, into a bare repository and a work tree below `place`, which is emptied. Its Applications are pointed at the bare one. */
export function copyIntoGit(folder: string, place: string): LocalRepository {
  if (!existsSync(folder)) throw new ClusterError('refused', `${folder}: no such folder`, 'give the folder that holds the Application and what it deploys')
  rmSync(place, { recursive: true, force: true })
  const [tree, first] = [join(place, 'tree'), join(place, 'first')]
  for (const one of [tree, first]) mkdirSync(one, { recursive: true })
  const prefix = prefixOf(folder)
  cpSync(folder, join(first, prefix), { recursive: true, filter: (path) => path === folder || !leftOut.has(basename(path)) })
  cpSync(first, tree, { recursive: true })
  const bare = initWorkTree(place, tree)
  const point = (application: KubeObject): KubeObject => pointed(application, `file://${bare}`)
  const { manifests } = parse(textsBelow(tree))
  for (const manifest of manifests.filter(isApplication)) rewriteSource(tree, manifest, point)
  push(tree, 'as the folder holds it')
  return { bare, tree, first, manifests, point, forRollout: (application, rollout, namespace) => repositoryOf(bare, tree, point(application), rollout, namespace) }
}

function repositoryOf(bare: string, tree: string, application: KubeObject, rollout: string, namespace: string): ManifestRepository {
  return {
    bare, tree, application,
    head: () => git(bare, 'rev-parse', branch),
    commit: (event) => {
      pull(tree)
      const { file, text } = editedBy(event, textsBelow(tree), rollout, namespace)
      writeFileSync(join(tree, file), text)
      push(tree, 'image' in event ? `image ${event.image}` : `${event.kind} ${event.name}`)
    },
  }
}

export function isApplication({ value }: Manifest): boolean {
  return value.kind === 'Application' && value.apiVersion.startsWith('argoproj.io/')
}

/** Where the folder lies in its repository, if its Applications count their paths from there rather than from the folder. */
function prefixOf(folder: string): string {
  const paths = parse(textsBelow(folder)).manifests.filter(isApplication).map(({ value }) => String(valueAt(value, '/spec/source/path') ?? '.'))
  if (paths.every((path) => existsSync(join(folder, path)))) return ''
  const root = checkoutAbove(resolve(folder))
  const missing = paths.find((path) => root === undefined || !existsSync(join(root, path)) || relative(folder, join(root, path)).startsWith('..'))
  if (missing === undefined && root !== undefined) return relative(root, folder)
  throw new ClusterError('refused', `${folder}: an Application deploys ${missing}, which is not below it`, 'give the root of the repository')
}

function checkoutAbove(folder: string): string | undefined {
  if (existsSync(join(folder, '.git'))) return folder
  const above = dirname(folder)
  return above === folder ? undefined : checkoutAbove(above)
}

function pointed(application: KubeObject, repoURL: string): KubeObject {
  const { namespace: _namespace, finalizers: _finalizers, ...metadata } = application.metadata
  const spec = isMap(application['spec']) ? application['spec'] : {}
  const { source, sources, destination } = spec
  if (Array.isArray(sources)) throw new ClusterError('refused', `Application ${metadata.name} has several sources`, 'what comes from more than one repository cannot be deployed from one folder')
  const place = { server: 'https://kubernetes.default.svc', ...(valueAt(destination, '/namespace') === undefined ? {} : { namespace: valueAt(destination, '/namespace') }) }
  return {
    apiVersion: application.apiVersion, kind: application.kind, metadata: { ...metadata, namespace: argocdNamespace },
    spec: { ...spec, project: 'default', source: { ...(isMap(source) ? source : {}), repoURL, targetRevision: branch }, destination: place },
  }
}

/** Where an Application deploys itself, Git must say the same of it as the cluster. */
function rewriteSource(tree: string, { file, documentIndex, base }: Manifest, point: (application: KubeObject) => KubeObject): void {
  const [current] = parse([{ file, text: readFileSync(join(tree, file), 'utf8') }]).manifests.filter((one) => one.base === base && one.documentIndex === documentIndex)
  if (current === undefined) return
  const { spec } = point(current.value) as unknown as { readonly spec: Readonly<Record<string, unknown>> }
  const { text } = edited(current, ['project', 'source', 'destination'].map((key) => ({ do: 'set', pointer: `/spec/${key}`, value: spec[key] })))
  writeFileSync(join(tree, file), text)
}

/** The manifests below a folder, each named from there. */
export function textsBelow(folder: string): readonly SourceText[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ya?ml|json)$/i.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((file) => !file.split('/').some((part) => leftOut.has(part)))
    .sort()
    .map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }))
}
