import { isMap, jsonEqual, type Manifest, parse } from '@rollsync/manifests'
import type { Source } from './application.ts'

/** One run of a renderer that an Application needs; folders and files as file names start. Equal requests have equal keys. */
export type RenderRequest =
  | { readonly tool: 'kustomize'; readonly key: string; readonly folder: string }
  | { readonly tool: 'helm'; readonly key: string; readonly folder: string; readonly release: string; readonly namespace: string; readonly valueFiles: readonly string[]; readonly values: string; readonly parameters: readonly string[] }

/** What came of a request: the objects as YAML, or why there are none. */
export type Rendered = { readonly text: string } | { readonly why: string }

export function kustomizeRequest(folder: string): RenderRequest {
  return { tool: 'kustomize', key: `kustomize ${folder}`, folder }
}

/** As reposerver/repository.go helmTemplate calls helm: value files in order, then values, then parameters. `refs` are the folders of the sources that others take value files from. */
export function helmRequest(source: Source, release: string, namespace: string, refs: ReadonlyMap<string, string>): RenderRequest {
  const request = {
    tool: 'helm' as const,
    folder: source.path,
    release: source.helm.releaseName === '' ? release : source.helm.releaseName,
    namespace,
    valueFiles: source.helm.valueFiles.map((file) => valueFile(file, source.path, refs)),
    values: source.helm.values,
    parameters: source.helm.parameters,
  }
  return { ...request, key: `helm ${JSON.stringify(request)}` }
}

function valueFile(file: string, folder: string, refs: ReadonlyMap<string, string>): string {
  const [, ref, rest] = /^\$([^/]+)\/(.*)$/.exec(file) ?? []
  if (ref !== undefined && rest !== undefined) return joined(refs.get(ref) ?? '.', rest)
  return file.startsWith('/') ? file.slice(1) : joined(folder, file)
}

function joined(folder: string, file: string): string {
  const parts = folder === '.' ? [] : folder.split('/')
  for (const part of file.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
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
