import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildCluster, clusterCache } from '../cluster/build.ts'
import { keepJournal } from '../cluster/journal.ts'
import { defaultVersions } from '../cluster/programs.ts'
import { startCluster } from '../cluster/start.ts'
import { readWriters } from '../cluster/writers.ts'
import type { Stage } from '../e2e/act.ts'
import { predict } from '../e2e/predict.ts'
import type { LabDay } from './lab-day.ts'
import { copyIntoGit } from './local-repository.ts'
import { narrate } from './narrate.ts'
import { checkPlayable, usesRenderer } from './playable.ts'
import { playDay } from './play-day.ts'

/** Lives a day and prints it as it happens. Resolves to 0 where all was as predicted, else 1. Throws a ClusterError or GoError that says what to do where it cannot. */
export async function runLab(day: LabDay, say: (line: string) => void, note: (line: string) => void): Promise<0 | 1> {
  const versions = { ...defaultVersions, ...day.versions }
  checkPlayable(day)
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'rollsync-lab-')))
  const removed = (): void => rmSync(place, { recursive: true, force: true })
  try {
    const repository = copyIntoGit(day.folder, join(place, 'git'))
    checkPlayable(day, usesRenderer(repository.tree, day.application))
    const built = buildCluster(versions, clusterCache(), note)
    note(`starting Kubernetes ${versions.kubernetes}, Argo Rollouts ${versions.rollouts} and Argo CD ${versions.argocd} on loopback`)
    const cluster = await startCluster(built, join(place, 'cluster'))
    const journal = await keepJournal(cluster.api)
    const end = async (): Promise<void> => {
      await journal.end()
      await cluster.stop()
    }
    const forget = endOnSignal(async () => {
      await end()
      removed()
    })
    try {
      const namespace = day.rollout.metadata.namespace ?? 'default'
      const stage = stageOf(day, cluster, namespace, repository)
      const narrator = narrate(journal, () => readWriters(cluster.site), namespace, say)
      try {
        return await playDay({ day, stage, journal, narrator, say, note, manifests: repository.manifests.map(({ value }) => value), foretell: (events) => predict({ ...stage.scenario, rollout: `${namespace}/${day.rollout.metadata.name}`, events }, repository.first, versions) })
      } finally {
        narrator.end()
      }
    } finally {
      forget()
      await end()
    }
  } finally {
    removed()
  }
}

function stageOf({ application, rollout, events }: LabDay, cluster: Stage['cluster'], namespace: string, repository: ReturnType<typeof copyIntoGit>): Stage {
  const { name } = rollout.metadata
  const pointed = repository.point(application)
  const { syncPolicy } = pointed['spec'] as { readonly syncPolicy?: { readonly syncOptions?: readonly string[] } }
  const scenario = { name: 'lab', rollout: name, objects: [], application: syncPolicy?.syncOptions === undefined ? {} : { syncOptions: syncPolicy.syncOptions }, events: events.map(({ event }) => event) }
  return { cluster, namespace, repository: repository.forRollout(application, name, namespace), scenario }
}

/** Ctrl-C: what was started is ended in order. Returns how to stop listening. */
function endOnSignal(end: () => Promise<void>): () => void {
  const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const
  const listeners = Object.entries(signals).map(([signal, code]) => {
    const listener = (): void => void end().finally(() => process.exit(code))
    process.once(signal, listener)
    return () => process.off(signal, listener)
  })
  return () => listeners.forEach((off) => off())
}
