import { isMap, jsonEqual, type Manifest, parse } from '@rollsync/manifests'
import type { Source } from './application.ts'
import { joined } from './joined.ts'
import { localFile, type Root } from './root.ts'

/** One run of a renderer that an Application needs; folders and files as file names start. Equal requests have equal keys. */
export type RenderRequest = KustomizeRequest | HelmRequest

export interface KustomizeRequest {
  readonly tool: 'kustomize'
  readonly key: string
  readonly folder: string
  /** What the Application adds to the kustomization, as the fields of an overlay; empty where it adds nothing. */
  readonly overlay: Readonly<Record<string, unknown>>
  readonly flags: readonly string[]
}

export interface HelmRequest {
  readonly tool: 'helm'
  readonly key: string
  readonly folder: string
  readonly release: string
  readonly namespace: string
  /** In order; a glob stands for the files that it matches. */
  readonly valueFiles: readonly string[]
  readonly ignoreMissingValueFiles: 'yes' | 'no'
  /** Inline values as YAML or JSON text; `''` where there are none. */
  readonly values: string
  /** Further arguments of `helm template`. */
  readonly arguments: readonly string[]
}

/** What came of a request: the objects as YAML, or why there are none. */
export type Rendered = { readonly text: string } | { readonly why: string }

export function kustomizeRequest(folder: string, overlay: Readonly<Record<string, unknown>>, flags: readonly string[]): KustomizeRequest {
  const added = Object.keys(overlay).length === 0 ? '' : ` with ${JSON.stringify(overlay)}`
  return { tool: 'kustomize', key: `kustomize ${[...flags, folder].join(' ')}${added}`, folder, overlay, flags }
}

/** What a chart is rendered for. */
export interface HelmContext {
  readonly application: string
  readonly namespace: string
  readonly project: string
  /** Names of the sources that lend value files. */
  readonly refs: ReadonlySet<string>
  readonly root: Root
}

/** As reposerver/repository.go helmTemplate and util/helm/cmd.go template call helm: value files in order, then inline values, then parameters. */
export function helmRequest(source: Source, context: HelmContext): HelmRequest {
  const { helm } = source
  const filled = (value: string): string => substituted(value, source, context)
  const file = (name: string): string => valueFile(name, source, context)
  const request = {
    tool: 'helm' as const,
    folder: source.path,
    release: helm.releaseName === '' ? context.application : helm.releaseName,
    namespace: helm.namespace === '' ? context.namespace : helm.namespace,
    valueFiles: helm.valueFiles.map(file),
    ignoreMissingValueFiles: helm.ignoreMissingValueFiles,
    values: helm.values,
    arguments: [
      ...helm.flags, ...(helm.kubeVersion === '' ? [] : ['--kube-version', helm.kubeVersion]), ...helm.apiVersions.flatMap((one) => ['--api-versions', one]),
      ...helm.parameters.flatMap(({ by, name, value }) => [`--${by}`, `${name}=${escaped(by === 'set-file' ? file(value) : filled(value))}`]),
    ],
  }
  return { ...request, key: `helm ${JSON.stringify(request)}` }
}

// util/helm/cmd.go cleanSetParameters: a comma would begin another parameter
function escaped(value: string): string {
  return value.startsWith('{') && value.endsWith('}') ? value : value.replaceAll(/(?<!\\),/g, '\\,')
}

/** reposerver/repository.go newEnv; the revision is not known here and stays as it is written. */
function substituted(value: string, source: Source, { application, namespace, project }: HelmContext): string {
  const known: Readonly<Record<string, string>> = {
    ARGOCD_APP_NAME: application, ARGOCD_APP_NAMESPACE: namespace, ARGOCD_APP_PROJECT_NAME: project,
    ARGOCD_APP_SOURCE_REPO_URL: source.repoUrl, ARGOCD_APP_SOURCE_PATH: source.fromRoot, ARGOCD_APP_SOURCE_TARGET_REVISION: source.revision,
  }
  return value.replaceAll(/\$(?:\$|\{(\w+)\}|(\w+))/g, (all, braced: string | undefined, plain: string | undefined) => {
    if (all === '$$') return '$'
    const name = braced ?? plain ?? ''
    return name.startsWith('ARGOCD_APP_REVISION') ? all : (known[name] ?? '')
  })
}

/** Relative to the chart; from the root of the repository with a leading slash; `$ref/…` from the root of that source's repository, whatever path it has. */
function valueFile(name: string, source: Source, context: HelmContext): string {
  const [, ref = '', rest = ''] = /^\$([^/]+)\/(.*)$/.exec(name) ?? []
  if (context.refs.has(ref)) return localFile(context.root, joined('.', substituted(rest, source, context)))
  const plain = substituted(name, source, context)
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(plain)) return plain
  return localFile(context.root, plain.startsWith('/') ? joined('.', plain) : joined(source.fromRoot, plain))
}

/** A rendered object with the manifest that a person edits: the one of that kind and name in the repository, nearest to the folder; without one, the rendered text itself. */
export interface RenderedObject {
  readonly value: Manifest['value']
  readonly manifest: Manifest
}

export function renderedObjects(request: RenderRequest, text: string, plain: readonly Manifest[]): readonly RenderedObject[] {
  const { manifests } = parse([{ file: `${request.folder} (as ${request.tool} renders it)`, text }])
  return manifests.map((manifest) => ({ value: manifest.value, manifest: origin(manifest, request.folder, plain) ?? manifest }))
}

/** kustomize keeps kind and name but for prefixes and suffixes; of several candidates the one with the longest common folder counts. */
function origin(rendered: Manifest, folder: string, plain: readonly Manifest[]): Manifest | undefined {
  const same = plain.filter((one) => one.ref.kind === rendered.ref.kind && one.ref.group === rendered.ref.group)
  const named = same.filter((one) => one.ref.name === rendered.ref.name)
  const candidates = named.length > 0 ? named : same.filter((one) => one.ref.name !== '' && rendered.ref.name.includes(one.ref.name))
  return candidates.toSorted((a, b) => common(b.file, folder) - common(a.file, folder)).at(0)
}

function common(file: string, folder: string): number {
  const a = file.split('/')
  const b = folder.split('/')
  let count = 0
  while (count < a.length && count < b.length && a[count] === b[count]) count += 1
  return count
}

/** Whether an edit of the manifest's own text is an edit of what is deployed: a renderer changed nothing but the namespace. */
export function isAsWritten(value: unknown, manifest: Manifest): boolean {
  return jsonEqual(withoutNamespace(value), withoutNamespace(manifest.value))
}

function withoutNamespace(object: unknown): unknown {
  if (!isMap(object) || !isMap(object['metadata'])) return object
  const { namespace: _namespace, ...metadata } = object['metadata']
  return { ...object, metadata }
}
