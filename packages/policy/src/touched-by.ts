import { isMap, type KubeObject } from '@rollsync/manifests'
import type { ApplicationScope, CanaryScope, DeployedObject, Repository } from './discover/repository.ts'
import { concerned } from './explore-repository.ts'

/** A file that differs from a former state of the repository; `gone` is one that was removed. */
export interface ChangedFile {
  readonly file: string
  readonly is: 'here' | 'gone'
}

/** What a change touches: the Rollouts to judge, and the files in which findings are reported. */
export interface Touched {
  readonly canaries: readonly CanaryScope[]
  readonly files: ReadonlySet<string>
}

/** Kinds that everything may depend on. */
const everywhere = new Set(['CustomResourceDefinition', 'IngressClass', 'IngressClassParams', 'Namespace', 'AppProject', 'ApplicationSet', 'ConfigMap'])

/**
 * A Rollout is touched by a change to its own file or to that of an object that it names, to an Application that deploys any of these or to anything below that one's source folders, and to an Ingress
 * of the same load balancer. A removed file that no Application covers may have been anything: then all are touched.
 */
export function touchedBy(repository: Repository, changes: readonly ChangedFile[]): Touched {
  const changedFiles = changes.map(({ file }) => file)
  const changed = new Set(changedFiles)
  const here = repository.manifests.filter(({ file }) => changed.has(file))
  const known = new Set(repository.manifests.map(({ file }) => file))
  const touched = new Set(repository.applications.filter((one) => isTouched(one, changedFiles, changed)))
  const gone = changes.filter(({ file, is }) => is === 'gone' && isManifestFile(file) && ![...touched].some((one) => covers(one, file)))
  if (gone.length > 0 || here.some(({ value }) => everywhere.has(value.kind))) return { canaries: repository.canaries, files: new Set([...known, ...changed]) }
  const groups = new Set(here.flatMap(({ value }) => groupsOf(value)))
  const loose = here.some(({ file }) => ![...touched].some((one) => covers(one, file)))
  const canaries = repository.canaries.filter((scope) => {
    const objects = [scope.rollout, ...concerned(scope)]
    return objects.some(({ application, manifest, object }) => changed.has(manifest.file) || (application === undefined ? loose : touched.has(application)) || groupsOf(object).some((name) => groups.has(name)))
  })
  return { canaries, files: new Set([...changed, ...[...touched].flatMap(filesOf), ...canaries.flatMap((scope) => [scope.rollout, ...concerned(scope)].flatMap(filesAround))]) }
}

function isManifestFile(file: string): boolean {
  return /\.(ya?ml|json)$/i.test(file)
}

function isTouched(application: ApplicationScope, files: readonly string[], changed: ReadonlySet<string>): boolean {
  return changed.has(application.manifest.file) || application.objects.some(({ manifest }) => changed.has(manifest.file)) || files.some((file) => covers(application, file))
}

/** Whether a file lies below a source folder, wherever the root of the repository is. */
function covers({ spec }: ApplicationScope, file: string): boolean {
  return spec.sources.some(({ path }) => path === '.' || path === '' || `/${file}`.includes(`/${path.replace(/^\.?\/|\/+$/g, '')}/`))
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
