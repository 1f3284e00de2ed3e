import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildCluster, clusterCache } from '../cluster/build.ts'
import { type Journal, keepJournal } from '../cluster/journal.ts'
import { type ClusterVersions, defaultVersions } from '../cluster/programs.ts'
import { type Cluster, startCluster } from '../cluster/start.ts'

/** A cluster for tests, in a folder of its own that goes away with it. */
export interface OpenCluster {
  readonly cluster: Cluster
  readonly journal: Journal
  readonly folder: string
  /** The path of the kubectl that was built. */
  readonly kubectl: string
  readonly close: () => Promise<void>
}

/** The versions under test; ROLLOUTS and ARGOCD name others. */
export const versions: ClusterVersions = {
  ...defaultVersions,
  ...(process.env['ROLLOUTS'] === undefined ? {} : { rollouts: process.env['ROLLOUTS'] }),
  ...(process.env['ARGOCD'] === undefined ? {} : { argocd: process.env['ARGOCD'] }),
}

/** Builds what is not built yet, and starts it. */
export async function openCluster(): Promise<OpenCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'rollsync-e2e-'))
  const built = buildCluster(versions, clusterCache(), (line) => process.stderr.write(`${line}\n`))
  const cluster = await startCluster(built, join(folder, 'cluster'))
  const journal = await keepJournal(cluster.api)
  return {
    cluster, journal, folder, kubectl: built.programs['kubectl'] ?? 'kubectl',
    close: async () => {
      await journal.end()
      await cluster.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
