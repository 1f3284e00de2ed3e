import { isMap, type KubeObject, type Manifest, parse } from '@rollsync/manifests'
import type { ApplicationScope, CanaryScope, DeployedObject, Repository } from './discover/repository.ts'
import { textsOf } from './discover/texts-of.ts'
import { concerned } from './explore-repository.ts'

/** A file that differs from a former state of the repository; `gone` is one that was removed. */
export interface ChangedFile {
  readonly file: string
  readonly is: 'here' | 'gone'
  /** What it held before, where it was there and that is known. */
  readonly before?: string
}

/** What a change touches: the Rollouts to judge, and the files in which findings are reported. */
export interface Touched {
  readonly canaries: readonly CanaryScope[]
  readonly files: ReadonlySet<string>
}

/** Kinds that everything may depend on. */
const everywhere = new Set(['CustomResourceDefinition', 'IngressClass', 'IngressClassParams', 'Namespace', 'AppProject', 'ApplicationSet', 'ConfigMap', 'ClusterAnalysisTemplate'])

/**
 * A Rollout is touched by a change to its own file or to that of an object that it names or that names it, to an Application that deploys any of these or to anything that this one is made of, and to an Ingress of the same load balancer.
 * Where objects were taken out, or a file that no Application is made of may hold what ApplicationSets are made of, all are touched.
 */
export function touchedBy(repository: Repository, changes: readonly ChangedFile[]): Touched {
  const changed = new Set(changes.map(({ file }) => file))
  const here = repository.manifests.filter(({ file }) => changed.has(file))
  const touched = new Set(repository.applications.filter((one) => isTouched(one, changes, changed)))
  const former = changes.flatMap(({ file, before }) => (before === undefined ? [] : parse([{ file, text: before }]).manifests))
  if (isEverything(repository, changes, { here, former, touched })) return { canaries: repository.canaries, files: new Set([...repository.manifests.map(({ file }) => file), ...changed]) }
  const groups = new Set([...here, ...former].flatMap(({ value }) => groupsOf(value)))
  const loose = here.some(({ file }) => ![...touched].some((one) => covers(one, file)))
  const names = new Set([...here, ...former].map(({ ref }) => ref.name))
  const mentioned = new Set([...names, ...[...here, ...former].flatMap(({ value }) => [...textsOf(value)])])
  const canaries = repository.canaries.filter((scope) => {
    const objects = [scope.rollout, ...concerned(scope)]
    return mentioned.has(scope.rollout.object.metadata.name) || [...textsOf(scope.rollout.object)].some((text) => names.has(text)) ||
      objects.some(({ application, manifest, object }) => changed.has(manifest.file) || (application === undefined ? loose : touched.has(application)) || groupsOf(object).some((name) => groups.has(name)))
  })
  const named = repository.manifests.filter(({ ref }) => mentioned.has(ref.name)).map(({ file }) => file)
  return { canaries, files: new Set([...changed, ...named, ...[...touched].flatMap(filesOf), ...canaries.flatMap((scope) => [scope.rollout, ...concerned(scope)].flatMap(filesAround))]) }
}

interface Before {
  readonly here: readonly Manifest[]
  readonly former: readonly Manifest[]
  readonly touched: ReadonlySet<ApplicationScope>
}

function isEverything(repository: Repository, changes: readonly ChangedFile[], { here, former, touched }: Before): boolean {
  if ([...here, ...former].some(({ value }) => everywhere.has(value.kind))) return true
  const left = new Set(here.map(({ ref }) => `${ref.kind} ${ref.namespace} ${ref.name}`))
  if (former.some(({ ref }) => !left.has(`${ref.kind} ${ref.namespace} ${ref.name}`))) return true
  const uncovered = changes.filter(({ file }) => isDataFile(file) && ![...touched].some((one) => covers(one, file)))
  if (uncovered.some(({ is, before }) => is === 'gone' && before === undefined)) return true
  const withObjects = new Set(here.map(({ file }) => file))
  return uncovered.some(({ file }) => !withObjects.has(file)) && repository.manifests.some(({ value }) => value.kind === 'ApplicationSet')
}

function isDataFile(file: string): boolean {
  return /\.(ya?ml|json)$/i.test(file)
}

function isTouched(application: ApplicationScope, changes: readonly ChangedFile[], changed: ReadonlySet<string>): boolean {
  return changed.has(application.manifest.file) || application.objects.some(({ manifest }) => changed.has(manifest.file)) || changes.some(({ file }) => covers(application, file))
}

/** Whether an Application is made of a file: it lies below a source folder, wherever the root of the repository is, or a renderer reads it. */
function covers({ spec, reads }: ApplicationScope, file: string): boolean {
  return spec.sources.some(({ path }) => path === '.' || path === '' || isBelow(file, path.replace(/^\.?\//, ''))) || reads.some((path) => isBelow(file, path))
}

function isBelow(file: string, path: string): boolean {
  return `/${file}/`.includes(`/${path.replace(/^(?:\.\.\/)+/, '').replace(/\/+$/, '')}/`)
}

function filesOf(application: ApplicationScope): readonly string[] {
  return [application.manifest.file, ...application.objects.map(({ manifest }) => manifest.file)]
}

function filesAround({ manifest, application }: DeployedObject): readonly string[] {
  return [manifest.file, ...(application === undefined ? [] : [application.manifest.file])]
}

function groupsOf({ kind, metadata }: KubeObject): readonly string[] {
  const annotations = isMap(metadata.annotations) ? metadata.annotations : {}
  return kind === 'Ingress' ? Object.entries(annotations).flatMap(([key, value]) => (key.endsWith('/group.name') && typeof value === 'string' ? [value] : [])) : []
}
