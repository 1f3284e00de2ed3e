import { isMap, type KubeObject, type Manifest } from '@rollsync/manifests'
import type { IgnoreDifference } from '@rollsync/argocd'
import { asText } from './as-text.ts'

/** One `spec.source` or entry of `spec.sources`, as far as it names a folder of this repository. */
export interface Source {
  /** JSON Pointer of the source in the Application. */
  readonly pointer: string
  readonly path: string
  /** The path from the root of the repository, as the Application says it. */
  readonly fromRoot: string
  readonly repoUrl: string
  readonly revision: string
  readonly chart: string | undefined
  readonly recurse: 'yes' | 'no'
  readonly include: string
  readonly exclude: string
  /** The name by which other sources take value files from this one. */
  readonly ref: string
  readonly helm: HelmOptions
  /** What the Application adds to the kustomization. */
  readonly kustomize: Readonly<Record<string, unknown>>
  /** `directory` says that the folder is read plainly, whatever lies in it (ExplicitType). */
  readonly explicit: 'directory' | 'plugin' | 'none'
  /** The config management plugin that renders it, where it names one. */
  readonly plugin: string
  readonly raw: Readonly<Record<string, unknown>>
}

export interface HelmOptions {
  readonly releaseName: string
  readonly valueFiles: readonly string[]
  /** Inline values as YAML or JSON text; `''` where there are none. */
  readonly values: string
  readonly ignoreMissingValueFiles: 'yes' | 'no'
  readonly parameters: readonly HelmParameter[]
  readonly namespace: string
  readonly kubeVersion: string
  readonly apiVersions: readonly string[]
  /** Flags of `helm template` that the Application sets. */
  readonly flags: readonly string[]
}

/** One `--set`, `--set-string` or `--set-file`. */
export interface HelmParameter {
  readonly by: 'set' | 'set-string' | 'set-file'
  readonly name: string
  readonly value: string
}

/** What an Application says about its sources, its destination and its sync. Wrong types read as absent: the API server would have refused them. */
export interface ApplicationSpec {
  readonly sources: readonly Source[]
  readonly project: string
  readonly destinationNamespace: string
  /** Server or name of the cluster. */
  readonly destinationCluster: string
  readonly ignoreDifferences: readonly IgnoreDifference[]
  readonly syncOptions: readonly string[]
  readonly selfHeal: 'yes' | 'no'
  readonly automated: 'yes' | 'no'
  readonly compareMode: 'legacy' | 'smd' | 'ssd'
}

export function isApplication(manifest: Manifest): boolean {
  return manifest.ref.group === 'argoproj.io' && manifest.ref.kind === 'Application'
}

export function readApplication(application: KubeObject): ApplicationSpec {
  const spec = map(application['spec'])
  const policy = map(spec['syncPolicy'])
  const automated = isMap(policy['automated']) && policy['automated']['enabled'] !== false ? policy['automated'] : undefined
  const syncOptions = texts(policy['syncOptions'])
  return {
    sources: sourcesOf(spec),
    project: text(spec['project']),
    destinationNamespace: text(map(spec['destination'])['namespace']),
    destinationCluster: text(map(spec['destination'])['server']) || text(map(spec['destination'])['name']),
    ignoreDifferences: list(spec['ignoreDifferences']).filter(isMap).map(readIgnoreDifference),
    syncOptions,
    automated: automated === undefined ? 'no' : 'yes',
    selfHeal: automated?.['selfHeal'] === true ? 'yes' : 'no',
    compareMode: compareModeOf(application, syncOptions),
  }
}

// state.go:864-912: the annotation on the Application first, then the sync option
function compareModeOf(application: KubeObject, syncOptions: readonly string[]): ApplicationSpec['compareMode'] {
  const options = (application.metadata.annotations?.['argocd.argoproj.io/compare-options'] ?? '').split(',').map((option) => option.trim())
  if (options.includes('ServerSideDiff=true')) return 'ssd'
  return syncOptions.includes('ServerSideApply=true') ? 'smd' : 'legacy'
}

function sourcesOf(spec: Readonly<Record<string, unknown>>): readonly Source[] {
  const many = list(spec['sources'])
  if (many.length > 0) return many.flatMap((source, index) => (isMap(source) ? [readSource(source, `/spec/sources/${index}`)] : []))
  return isMap(spec['source']) ? [readSource(spec['source'], '/spec/source')] : []
}

/** One entry of `sources`, as the API server would keep it. */
export function readSource(source: Readonly<Record<string, unknown>>, pointer: string): Source {
  const directory = map(source['directory'])
  const path = text(source['path']).replace(/^(\.\/)+|\/+$/g, '') || '.'
  const jsonnet = map(directory['jsonnet'])
  return {
    pointer,
    path,
    fromRoot: path,
    repoUrl: text(source['repoURL']),
    revision: text(source['targetRevision']),
    chart: typeof source['chart'] === 'string' && source['chart'] !== '' ? source['chart'] : undefined,
    recurse: directory['recurse'] === true ? 'yes' : 'no',
    include: text(directory['include']),
    exclude: text(directory['exclude']),
    ref: text(source['ref']),
    helm: readHelm(map(source['helm'])),
    kustomize: map(source['kustomize']),
    // types.go IsZero: include and exclude alone do not make it a directory
    explicit: isMap(source['plugin']) ? 'plugin' : directory['recurse'] === true || Object.keys(jsonnet).length > 0 ? 'directory' : 'none',
    plugin: text(map(source['plugin'])['name']),
    raw: source,
  }
}

function readHelm(helm: Readonly<Record<string, unknown>>): HelmOptions {
  const inline = isMap(helm['valuesObject']) ? JSON.stringify(helm['valuesObject']) : text(helm['values'])
  const parameters = list(helm['parameters']).filter(isMap).map((one): HelmParameter => ({ by: one['forceString'] === true ? 'set-string' : 'set', name: text(one['name']), value: asText(one['value']) }))
  const files = list(helm['fileParameters']).filter(isMap).map((one): HelmParameter => ({ by: 'set-file', name: text(one['name']), value: text(one['path']) }))
  return {
    releaseName: text(helm['releaseName']), valueFiles: texts(helm['valueFiles']), values: inline, parameters: [...parameters, ...files],
    ignoreMissingValueFiles: helm['ignoreMissingValueFiles'] === true ? 'yes' : 'no',
    namespace: text(helm['namespace']), kubeVersion: text(helm['kubeVersion']), apiVersions: texts(helm['apiVersions']),
    flags: [...(helm['skipCrds'] === true ? [] : ['--include-crds']), ...(helm['skipSchemaValidation'] === true ? ['--skip-schema-validation'] : []), ...(helm['skipTests'] === true ? ['--skip-tests'] : [])],
  }
}

function readIgnoreDifference(entry: Readonly<Record<string, unknown>>): IgnoreDifference {
  const optional = (key: 'group' | 'name' | 'namespace'): object => (typeof entry[key] === 'string' && entry[key] !== '' ? { [key]: entry[key] } : {})
  const lists = (key: 'jsonPointers' | 'jqPathExpressions' | 'managedFieldsManagers'): object => (texts(entry[key]).length > 0 ? { [key]: texts(entry[key]) } : {})
  return {
    kind: text(entry['kind']),
    ...optional('group'), ...optional('name'), ...optional('namespace'),
    ...lists('jsonPointers'), ...lists('jqPathExpressions'), ...lists('managedFieldsManagers'),
  }
}

function map(value: unknown): Readonly<Record<string, unknown>> {
  return isMap(value) ? value : {}
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function texts(value: unknown): readonly string[] {
  return list(value).filter((item) => typeof item === 'string')
}
