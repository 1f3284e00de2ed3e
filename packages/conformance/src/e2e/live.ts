import { isMap, type KubeObject, valueAt } from '@rollsync/manifests'
import { ensure, resources } from '../cluster/seed.ts'
import { type Entry, homeOf, inOrder, type Journal } from '../cluster/journal.ts'
import { readWriters, type Writers } from '../cluster/writers.ts'
import { argocdNamespace } from '../cluster/processes/argocd.ts'
import { act, type Stage } from './act.ts'
import { isVisibleChange, isWatched, type Observed, visibleObjects } from './observed.ts'
import type { Prediction } from './predict.ts'
import { staysRestless, untilQuiet } from './quiet.ts'
import { type LiveEvent, nameIn } from './scenario.ts'

/** One event of a scenario as it was predicted and as it was seen. */
export interface Lived {
  readonly event: string
  readonly predicted: Observed
  readonly seen: Observed
  /** After a fight between the two, who wrote last and whether self-heal still had something to do is chance. */
  readonly afterFight: boolean
}

/** Lives a scenario on a cluster, event by event, and appends to `lived`; what was predicted is compared by whoever asked. Where no rest is predicted, it is made sure that there is none. */
export async function live(stage: Stage, journal: Journal, prediction: Prediction, lived: Lived[]): Promise<void> {
  const { cluster, namespace, scenario } = stage
  await ensure(cluster.api, resources.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
  let afterFight = false
  const events: readonly (LiveEvent | undefined)[] = [undefined, ...scenario.events]
  for (const [index, event] of events.entries()) {
    const chapter = prediction.chapters[index]
    if (chapter === undefined) break
    const from = journal.entries.length
    if (event === undefined) await deploy(stage)
    else await act(event, stage)
    const { because: _because, rest, ...predicted } = chapter
    if (rest !== 'yes') {
      await staysRestless(stage, journal, rest)
      afterFight ||= rest === 'both'
      // Where the two stand when one looks is chance.
      continue
    }
    await untilQuiet(stage, journal)
    lived.push({ event: event === undefined ? 'deploy' : JSON.stringify(event), predicted, seen: await observe(stage, journal, from), afterFight })
  }
}

/** Where nothing is synced by itself, the first sync is asked for, as `argocd app sync` does. */
export async function deploy({ cluster: { api }, repository: { application } }: Stage): Promise<void> {
  await ensure(api, resources.applications, application)
  if (valueAt(application, '/spec/syncPolicy/automated') !== undefined) return
  const syncOptions = valueAt(application, '/spec/syncPolicy/syncOptions')
  await api.patch(resources.applications, argocdNamespace, application.metadata.name, 'merge', { operation: { sync: syncOptions === undefined ? {} : { syncOptions } } })
}

/** What a person sees now, and who wrote what since the journal's entry `from`. */
export async function observe({ cluster, namespace, repository }: Stage, journal: Journal, from: number): Promise<Observed> {
  const { api } = cluster
  const writers = readWriters(cluster.site)
  const application = await api.get(resources.applications, argocdNamespace, repository.application.metadata.name)
  const objects = (await Promise.all([resources.ingresses, resources.services, resources.rollouts].map((resource) => api.list(resource, namespace)))).flat()
  const own = inOrder(journal.entries.filter((entry) => homeOf(entry) === namespace))
  return {
    sync: String(valueAt(application, '/status/sync/status')),
    resources: Object.fromEntries(resourcesOf(application)),
    ...effectiveSyncs(inOrder(journal.entries.slice(from).filter((entry) => homeOf(entry) === namespace)), writers),
    writers: Object.fromEntries(own.filter((entry) => isWatched(entry.what) && isVisibleChange(entry.before, entry.what)).map((entry) => [nameIn(entry.what), writers.of(entry.what)])),
    objects: visibleObjects(objects, own.map(({ what }) => what).filter(({ kind }) => kind === 'ReplicaSet')),
  }
}

function resourcesOf(application: KubeObject | undefined): readonly (readonly [string, string])[] {
  const listed = valueAt(application, '/status/resources')
  return Array.isArray(listed) ? listed.filter(isMap).filter((one) => one['status'] !== undefined).map((one) => [`${String(one['kind'])}/${String(one['name'])}`, String(one['status'])]) : []
}

/** Which syncs changed an object. Others happen when Argo CD compares what its cache does not hold yet: nobody is worse off. */
function effectiveSyncs(entries: readonly Entry[], writers: Writers): Pick<Observed, 'syncs' | 'heals'> {
  let syncs = 0
  let heals = false
  let current: 'none' | 'full' | 'heal' = 'none'
  for (const { what, before } of entries) {
    if (startsSync(before, what)) current = valueAt(what, '/operation/sync/resources') === undefined ? 'full' : 'heal'
    if (current === 'none' || !isWatched(what) || !isVisibleChange(before, what) || writers.of(what) !== 'Argo CD') continue
    if (current === 'full') syncs += 1
    else heals = true
    current = 'none'
  }
  return { syncs, heals }
}

/** Argo CD asks itself for a sync by a field that it takes away when the sync has begun. */
function startsSync(before: KubeObject | undefined, after: KubeObject): boolean {
  return after.kind === 'Application' && valueAt(after, '/operation') !== undefined && valueAt(before, '/operation') === undefined
}
