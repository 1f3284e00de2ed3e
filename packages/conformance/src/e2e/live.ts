import { isMap, type KubeObject, valueAt } from '@rollsync/manifests'
import type { StoryWriter } from '@rollsync/ignore'
import { ensure, resources } from '../cluster/seed.ts'
import { homeOf, type Journal } from '../cluster/journal.ts'
import { argocdNamespace } from '../cluster/processes/argocd.ts'
import { act, type Stage } from './act.ts'
import { isWatched, type Observed, visibleObjects } from './observed.ts'
import type { Prediction } from './predict.ts'
import { untilQuiet } from './quiet.ts'
import { nameIn } from './scenario.ts'

/** One event of a scenario as it was predicted and as it was seen. */
export interface Lived {
  readonly event: string
  readonly predicted: Observed
  readonly seen: Observed
}

/** Lives a scenario on a cluster, event by event; what was predicted is compared by whoever asked. A fight without an end is watched for a while and ends the scenario. */
export async function live(stage: Stage, journal: Journal, prediction: Prediction): Promise<readonly Lived[]> {
  const { cluster, namespace, repository, scenario } = stage
  await ensure(cluster.api, resources.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
  const lived: Lived[] = []
  for (const [index, event] of [undefined, ...scenario.events].entries()) {
    const chapter = prediction.chapters[index]
    if (chapter === undefined) break
    const from = journal.entries.length
    if (event === undefined) await ensure(cluster.api, resources.applications, repository.application)
    else await act(event, stage)
    await untilQuiet(stage, journal)
    const { because: _because, isRestless: _restless, ...predicted } = chapter
    lived.push({ event: event === undefined ? 'deploy' : JSON.stringify(event), predicted, seen: await observe(stage, journal, from) })
  }
  return lived
}

async function observe({ cluster, namespace }: Stage, journal: Journal, from: number): Promise<Observed> {
  const { api } = cluster
  const application = await api.get(resources.applications, argocdNamespace, namespace)
  const objects = (await Promise.all([resources.ingresses, resources.services, resources.rollouts].map((resource) => api.list(resource, namespace)))).flat()
  const own = journal.entries.filter((entry) => homeOf(entry) === namespace)
  return {
    sync: String(valueAt(application, '/status/sync/status')),
    resources: Object.fromEntries(resourcesOf(application)),
    syncs: journal.entries.slice(from).filter((entry) => homeOf(entry) === namespace && startsSync(entry.before, entry.what)).length,
    writers: Object.fromEntries(own.filter((entry) => entry.isSpec && isWatched(entry.what)).map((entry) => [nameIn(entry.what), whoIs(entry.by)])),
    objects: visibleObjects(objects, hashesOf(own.map((entry) => entry.what))),
  }
}

function resourcesOf(application: KubeObject | undefined): readonly (readonly [string, string])[] {
  const listed = valueAt(application, '/status/resources')
  return Array.isArray(listed) ? listed.filter(isMap).filter((one) => one['status'] !== undefined).map((one) => [`${String(one['kind'])}/${String(one['name'])}`, String(one['status'])]) : []
}

/** Argo CD asks itself for a sync by a field that it takes away when the sync has begun. */
function startsSync(before: KubeObject | undefined, after: KubeObject): boolean {
  return after.kind === 'Application' && valueAt(after, '/operation') !== undefined && valueAt(before, '/operation') === undefined
}

function whoIs(manager: string): StoryWriter {
  return manager.startsWith('argocd') ? 'Argo CD' : manager.startsWith('rollouts-controller') ? 'Rollouts' : 'a person'
}

/** Pod template hashes by order of appearance. */
function hashesOf(objects: readonly KubeObject[]): readonly string[] {
  const hashes = objects.filter((object) => object.kind === 'ReplicaSet').map((object) => object.metadata.labels?.['rollouts-pod-template-hash'] ?? '')
  return [...new Set(hashes)].filter((hash) => hash !== '')
}
