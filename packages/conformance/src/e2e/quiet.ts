import { valueAt } from '@rollsync/manifests'
import { ClusterError } from '../cluster/cluster-error.ts'
import { homeOf, type Journal } from '../cluster/journal.ts'
import { argocdNamespace } from '../cluster/processes/argocd.ts'
import { resources } from '../cluster/seed.ts'
import type { Stage } from './act.ts'

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** So long nothing may change before it counts as quiet. */
const quietMs = 1500
const refreshAnnotation = 'argocd.argoproj.io/refresh'

/**
 * Waits until neither controller changes anything, Argo CD having looked again at Git and the cluster after the last change. Where it differs and Argo CD may heal it, its back-off is
 * waited for too. Throws a ClusterError `not-quiet` when that does not happen in time.
 */
export async function untilQuiet(stage: Stage, journal: Journal, seconds = 90): Promise<void> {
  const deadline = Date.now() + seconds * 1000
  const inTime = (): void => {
    if (Date.now() > deadline) throw new ClusterError('not-quiet', `${stage.namespace}: something still changes after ${seconds} s`, 'the journal says who writes')
  }
  for (;;) {
    await untilStill(stage, journal, inTime)
    const seen = lastChange(stage, journal)
    await refresh(stage, inTime)
    await sleep(await healsLater(stage) ? 8000 : 600)
    if (lastChange(stage, journal) === seen) return
    inTime()
  }
}

async function untilStill(stage: Stage, journal: Journal, inTime: () => void): Promise<void> {
  for (;;) {
    const rest = quietMs - (Date.now() - lastChange(stage, journal))
    if (rest <= 0) return
    await sleep(rest)
    inTime()
  }
}

/** Throws a ClusterError `too-quiet` where nothing changes any more although it should go on and on. Back-off makes the pauses of a fight longer and longer. */
export async function staysRestless(stage: Stage, journal: Journal, rest: 'rollouts' | 'both'): Promise<void> {
  await sleep(rest === 'both' ? 12_000 : 4000)
  const since = Date.now() - lastChange(stage, journal)
  if (since > (rest === 'both' ? 10_000 : 2000)) throw new ClusterError('too-quiet', `${stage.namespace}: nothing has changed for ${since} ms, where no rest was predicted`, 'the journal says who wrote last')
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

/** Argo CD compares anew, Git's newest commit with the cluster: the annotation is taken away when it has. */
async function refresh({ cluster, namespace }: Stage, inTime: () => void): Promise<void> {
  const { api } = cluster
  await api.patch(resources.applications, argocdNamespace, namespace, 'merge', { metadata: { annotations: { [refreshAnnotation]: 'normal' } } })
  for (;;) {
    const application = await api.get(resources.applications, argocdNamespace, namespace)
    if (application?.metadata.annotations?.[refreshAnnotation] === undefined) return
    await sleep(150)
    inTime()
  }
}

async function healsLater({ cluster, namespace }: Stage): Promise<boolean> {
  const application = await cluster.api.get(resources.applications, argocdNamespace, namespace)
  return valueAt(application, '/spec/syncPolicy/automated/selfHeal') === true && valueAt(application, '/status/sync/status') === 'OutOfSync' && valueAt(application, '/status/operationState/phase') === 'Succeeded'
}
