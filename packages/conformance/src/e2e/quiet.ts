import { type KubeObject, valueAt } from '@rollsync/manifests'
import { ClusterError } from '../cluster/cluster-error.ts'
import { homeOf, type Journal } from '../cluster/journal.ts'
import { argocdNamespace } from '../cluster/processes/argocd.ts'
import { resources } from '../cluster/seed.ts'
import type { Stage } from './act.ts'

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** So long nothing may change before it counts as quiet. */
const quietMs = 1500
const refreshAnnotation = 'argocd.argoproj.io/refresh'

/** How long Argo CD's queue and back-off may take after so many attempts to heal one revision; up to a minute is waited for. */
function backOffMs(application: KubeObject | undefined): number {
  const attempts = Number(valueAt(application, '/status/operationState/operation/sync/autoHealAttemptsCount') ?? 0)
  return 1000 * (6 + Math.min(54, [0, 2, 6, 18][attempts] ?? 54))
}

/**
 * Waits until neither controller changes anything, Argo CD having looked again at Git and the cluster after the last change, and having synced where it would. Throws a ClusterError
 * `not-quiet` when that does not happen in time.
 */
export async function untilQuiet(stage: Stage, journal: Journal, seconds = 120): Promise<void> {
  const deadline = Date.now() + seconds * 1000
  const inTime = (): void => {
    if (Date.now() > deadline) throw new ClusterError('not-quiet', `${stage.namespace}: something still changes after ${seconds} s`, 'the journal says who writes')
  }
  // What the event brought may be what ends a commotion.
  await refresh(stage, inTime)
  for (;;) {
    await untilStill(stage, journal, inTime)
    const seen = lastChange(stage, journal)
    const application = await refresh(stage, inTime)
    const patience = Date.now() + (mayStillSync(application) ? backOffMs(application) : 400)
    while (Date.now() < patience && lastChange(stage, journal) === seen) await sleep(200)
    if (lastChange(stage, journal) === seen) return
    inTime()
  }
}

/** Where Argo CD differs from Git and syncs by itself, its back-off or its queue may be all that it waits for. */
function mayStillSync(application: KubeObject | undefined): boolean {
  if (valueAt(application, '/operation') !== undefined || valueAt(application, '/status/operationState/phase') === 'Running') return true
  const automated = valueAt(application, '/spec/syncPolicy/automated')
  if (automated === undefined || valueAt(application, '/status/sync/status') !== 'OutOfSync') return false
  const attempted = valueAt(application, '/status/operationState/operation/sync/revision')
  return attempted !== valueAt(application, '/status/sync/revision') || valueAt(automated, '/selfHeal') === true
}

async function untilStill(stage: Stage, journal: Journal, inTime: () => void): Promise<void> {
  for (;;) {
    const rest = quietMs - (Date.now() - lastChange(stage, journal))
    if (rest <= 0) return
    await sleep(rest)
    inTime()
  }
}

/** Throws a ClusterError `too-quiet` where nothing changes any more although it should go on and on. Between two goes of a fight the back-off grows to minutes; until then the Application is OutOfSync. */
export async function staysRestless(stage: Stage, journal: Journal, rest: 'rollouts' | 'both'): Promise<void> {
  const inTime = (): void => undefined
  await refresh(stage, inTime)
  await sleep(4000)
  const since = Date.now() - lastChange(stage, journal)
  if (since < (rest === 'both' ? 10_000 : 2000) || (rest === 'both' && mayStillSync(await refresh(stage, inTime)))) return
  throw new ClusterError('too-quiet', `${stage.namespace}: nothing has changed for ${since} ms, where no rest was predicted`, 'the journal says who wrote last')
}

/** When anything but Argo CD's own notes on the Application last changed. */
function lastChange({ namespace }: Stage, { entries }: Journal): number {
  return entries.findLast((entry) => homeOf(entry) === namespace && (entry.what.kind !== 'Application' || isOperation(entry.before, entry.what)))?.at ?? 0
}

/** Whether a sync begins or ends here. */
export function isOperation(before: unknown, after: unknown): boolean {
  const phase = (one: unknown): unknown => [valueAt(one, '/operation') !== undefined, valueAt(one, '/status/operationState/phase'), valueAt(one, '/status/operationState/startedAt')].join()
  return phase(before) !== phase(after)
}

/** Argo CD compares anew: the annotation is taken away when it has. It remembers for a second which commit a branch names, so it may have to be asked again. */
async function refresh({ cluster: { api }, repository }: Stage, inTime: () => void): Promise<KubeObject | undefined> {
  const { name } = repository.application.metadata
  for (;;) {
    await api.patch(resources.applications, argocdNamespace, name, 'merge', { metadata: { annotations: { [refreshAnnotation]: 'normal' } } })
    let application = await api.get(resources.applications, argocdNamespace, name)
    while (application?.metadata.annotations?.[refreshAnnotation] !== undefined) {
      await sleep(150)
      inTime()
      application = await api.get(resources.applications, argocdNamespace, name)
    }
    const revision = valueAt(application, '/status/sync/revision')
    if (revision === repository.head() || valueAt(application, '/status/sync/status') === 'Unknown') return application
    await sleep(500)
    inTime()
  }
}
