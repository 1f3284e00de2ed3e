import { isMap, type Diagnostic, type KubeObject, type Manifest, parse, parseEach, type Parsed, type SourceDocument, type SourceText, valueAt } from '@rollsync/manifests'
import { group } from '../group.ts'
import { type ApplicationSpec, isApplication, readApplication, type Source } from './application.ts'
import { evaluateSet, isApplicationSet } from './application-set.ts'
import type { RepositoryContent } from './git-generator.ts'
import { malformedObjects } from './malformed.ts'
import { neighboursOf, type Place, sortedOut } from './neighbours.ts'
import { localFolder, type Root, rootedName } from './root.ts'
import type { Rendered, RenderRequest } from './rendering.ts'
import { scopeOf } from './scope-of.ts'
import { kustomizeFlagsOf } from './kustomize-flags.ts'
import { readsOf } from './reads.ts'
import { overridden } from './source-overrides.ts'
import { type Surroundings, surroundings } from './surroundings.ts'
import { objectsOfSource, type SourceContext, type SourceObjects } from './source.ts'

/** An object as one Application deploys it: with the namespace that it will have, and the way back to the text that a person edits. */
export interface DeployedObject {
  readonly object: KubeObject
  readonly manifest: Manifest
  readonly application?: ApplicationScope
}

export interface ApplicationScope {
  readonly manifest: Manifest
  readonly spec: ApplicationSpec
  readonly objects: readonly DeployedObject[]
  /** Files and folders beside its source folders that its renderers read. */
  readonly reads: readonly string[]
}

/** One Rollout with the Application that deploys it and every object of its namespace that the repository holds, whichever Application deploys that. */
export interface CanaryScope {
  readonly rollout: DeployedObject
  readonly neighbours: readonly DeployedObject[]
  /** The same, to look things up in. Most often one for all Rollouts of a namespace, and then the Rollout is among it. */
  readonly around: Surroundings
}

/** What a set of files holds, paired. `notes` are sentences about what could not be followed and why. */
export interface Repository {
  readonly files: number
  readonly manifests: readonly Manifest[]
  /** Every YAML or JSON document, values files and kustomizations too. */
  readonly documents: readonly SourceDocument[]
  readonly diagnostics: readonly Diagnostic[]
  readonly applications: readonly ApplicationScope[]
  readonly canaries: readonly CanaryScope[]
  readonly notes: readonly string[]
  /** Runs of renderers without which some Applications are not known; give what comes of them as `rendered` the next time. */
  readonly needs: readonly RenderRequest[]
}

/** Where the root of a repository may lie (the first under which an Application's `spec.source.path` finds objects counts), and what was rendered, by the key of its request. */
export interface DiscoverSettings {
  readonly roots?: readonly Root[]
  readonly rendered?: ReadonlyMap<string, Rendered>
  /** Files that are no manifests, named like those that are: git generators see them too. */
  readonly others?: readonly OtherFile[]
}

/** A file that is no manifest; `bytes` where it is one that a generator may read. */
export interface OtherFile {
  readonly file: string
  readonly bytes?: Uint8Array
}

/** Reads and pairs the files of a GitOps repository. Pure: what needs a renderer is asked for in `needs`. */
export function discover(files: readonly SourceText[], settings: DiscoverSettings | readonly Root[] = {}): Repository {
  const { roots = [{ above: '', below: '' }], rendered = new Map(), others = [] } = Array.isArray(settings) ? { roots: settings as readonly Root[] } : (settings as DiscoverSettings)
  const { manifests, documents, diagnostics } = parseOnce(files)
  const notes: string[] = []
  const needs = new Map<string, RenderRequest>()
  const content = contentOf(documents, others, roots)
  const sets = manifests.filter(isApplicationSet).map((set) => evaluateSet(set, content))
  for (const set of sets) notes.push(...set.notes)
  const kustomizeFlags = kustomizeFlagsOf(manifests)
  const plain = manifests.filter((manifest) => !isApplication(manifest) && !isApplicationSet(manifest))
  const owned = new Set<Manifest>()
  const applications = [...manifests.filter(isApplication), ...sets.flatMap((set) => set.applications)].map((manifest) => {
    const spec = readApplication(manifest.value)
    const refs = new Set(spec.sources.flatMap((source) => (source.ref === '' ? [] : [source.ref])))
    const context = { application: manifest.ref.name, namespace: spec.destinationNamespace, project: spec.project, rendered, refs, kustomizeFlags, others }
    const sources = spec.sources.map((source) => underFirstRoot(source, roots, plain, documents, context))
    for (const source of sources) {
      if (source.note !== undefined) notes.push(`${manifest.file}: Application ${manifest.ref.name}: ${source.note}`)
      if (source.needs !== undefined) needs.set(source.needs.key, source.needs)
    }
    const reads = sources.flatMap(({ request }) => (request === undefined ? [] : readsOf(request, documents)))
    const scope = { manifest, spec, objects: [] as DeployedObject[], reads }
    for (const inner of sources.flatMap((source) => source.objects)) {
      owned.add(inner.manifest)
      scope.objects.push({ object: inDestination(inner.value, spec.destinationNamespace), manifest: inner.manifest, application: scope })
    }
    return scope
  })
  const alone = plain.filter((manifest) => !owned.has(manifest)).map((manifest) => ({ object: inDestination(manifest.value, ''), manifest }))
  const all = [...applications.flatMap((scope) => scope.objects), ...alone]
  const malformed = malformedObjects(all)
  return {
    files: files.length, manifests, documents, diagnostics: [...diagnostics, ...new Map([...malformed.values()].map((one) => [`${one.at?.file}:${one.at?.line}:${one.message}`, one])).values()],
    applications, canaries: canariesOf(all.filter((one) => !malformed.has(one))), notes, needs: [...needs.values()],
  }
}

const parsed = new WeakMap<SourceText, Parsed>()

/** Files that were parsed before are not parsed again: what a renderer is needed for is only known when all is read. */
function parseOnce(files: readonly SourceText[]): Parsed {
  const unread = files.filter((file) => !parsed.has(file))
  for (const [index, one] of parseEach(unread).entries()) parsed.set(unread[index] as SourceText, one)
  const each = files.flatMap((file) => parsed.get(file) ?? [])
  return { manifests: each.flatMap((one) => one.manifests), documents: each.flatMap((one) => one.documents), diagnostics: each.flatMap((one) => withWayOut(one.diagnostics)) }
}

const wayOut = 'where it is no manifest, leave it out: `ignore` in rollsync.config.yaml'

function withWayOut([first, ...others]: readonly Diagnostic[]): readonly Diagnostic[] {
  if (first === undefined) return []
  return [first.code === 'bad-yaml' ? { ...first, hint: first.hint === undefined ? wayOut : `${first.hint}; ${wayOut}` } : first, ...others]
}

/** What the git generators of an ApplicationSet see: file names from the root of the repository, with their content. */
function contentOf(documents: readonly SourceDocument[], others: readonly OtherFile[], roots: readonly Root[]): RepositoryContent {
  const [root] = roots
  const named = (files: readonly { readonly file: string }[]): readonly string[] => files.map(({ file }) => rootedName(root, file))
  const firsts = new Map(documents.toReversed().map((document) => [rootedName(root, document.file), document]))
  const data = new Map(others.flatMap(({ file, bytes }) => (bytes === undefined ? [] : [[rootedName(root, file), { file, bytes }] as const])))
  return {
    names: [...new Set([...named(documents), ...named(others)])],
    contentOf: (file) => {
      const other = data.get(file)
      return firsts.has(file) ? firsts.get(file)?.value : other === undefined ? undefined : parse([other]).documents[0]?.value
    },
  }
}

function underFirstRoot(source: Source, roots: readonly Root[], plain: readonly Manifest[], documents: readonly SourceDocument[], context: Omit<SourceContext, 'root'>): SourceObjects {
  let answer: SourceObjects | undefined
  for (const root of roots) {
    const path = localFolder(root, source.path)
    if (path === undefined) continue
    const found = objectsOfSource(overridden({ ...source, path }, documents, context.application), plain, documents, { ...context, root })
    if (found.objects.length > 0 || found.needs !== undefined) return found
    answer ??= found
  }
  return answer ?? { objects: [], note: `its source path ${source.path} lies outside of the given paths` }
}

function canariesOf(all: readonly DeployedObject[]): readonly CanaryScope[] {
  const byPlace = group(all, placeOf)
  const places = new Map<string, { readonly place: Place; readonly around: Surroundings }>()
  return all.filter((one) => isRollout(one.object)).map((rollout) => {
    // What no Application deploys may be in any cluster.
    const clusters = rollout.application === undefined ? [''] : [rollout.application.spec.destinationCluster, '']
    const wanted = [...new Set(clusters.flatMap((cluster) => [rollout.object.metadata.namespace ?? '', '', ...namedNamespaces(rollout.object)].map((namespace) => `${cluster} ${namespace}`)))]
    const key = wanted.join('\n')
    const known = places.get(key) ?? aroundAll(sortedOut(wanted.flatMap((place) => byPlace.get(place) ?? [])))
    places.set(key, known)
    return scopeIn(rollout, known)
  })
}

function aroundAll(place: Place): { readonly place: Place; readonly around: Surroundings } {
  return { place, around: surroundings(place.firsts) }
}

/** Where no name stands twice, all Rollouts of a place see the same, but for themselves. */
function scopeIn(rollout: DeployedObject, { place, around }: ReturnType<typeof aroundAll>): CanaryScope {
  if (place.several.size > 0) {
    const neighbours = neighboursOf(rollout, place)
    return { rollout, neighbours, around: surroundings(neighbours) }
  }
  let neighbours: readonly DeployedObject[] | undefined
  return { rollout, around, get neighbours() { return (neighbours ??= neighboursOf(rollout, place)) } }
}

/** Other namespaces in which a Rollout may have its objects: those that it names for a plugin's routes, and behind the dot of an Istio VirtualService. Objects of the cluster have none. */
function namedNamespaces(rollout: KubeObject): readonly string[] {
  const routing = valueAt(rollout, '/spec/strategy/canary/trafficRouting')
  if (!isMap(routing)) return []
  const plugins = isMap(routing['plugins']) ? Object.values(routing['plugins']).flatMap((plugin) => (isMap(plugin) && typeof plugin['namespace'] === 'string' ? [plugin['namespace']] : [])) : []
  const { virtualService, virtualServices } = isMap(routing['istio']) ? routing['istio'] : {}
  const services: readonly unknown[] = [virtualService, ...(Array.isArray(virtualServices) ? (virtualServices as readonly unknown[]) : [])]
  return [...plugins, ...services.flatMap((one) => (isMap(one) && typeof one['name'] === 'string' ? (one['name'].split('.')[1] ?? []) : []))]
}

/** Cluster and namespace: only objects of one place see each other. */
function placeOf({ object, application }: DeployedObject): string {
  return `${application?.spec.destinationCluster ?? ''} ${object.metadata.namespace ?? ''}`
}

export function isRollout(object: KubeObject): boolean {
  return object.kind === 'Rollout' && object.apiVersion.startsWith('argoproj.io/') && isMap(object['spec'])
}

// state.go:510-575 NormalizeTargetObjects: an object without a namespace gets the destination's
function inDestination(object: KubeObject, namespace: string): KubeObject {
  if (scopeOf(object) === 'cluster') return object.metadata.namespace === undefined ? object : { ...object, metadata: withoutNamespace(object.metadata) }
  if (object.metadata.namespace !== undefined && object.metadata.namespace !== '') return object
  return { ...object, metadata: { ...object.metadata, namespace: namespace === '' ? 'default' : namespace } }
}

function withoutNamespace({ namespace: _namespace, ...metadata }: KubeObject['metadata']): KubeObject['metadata'] {
  return metadata
}
