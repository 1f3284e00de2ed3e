import { mkdirSync } from 'node:fs'
import { buildCluster } from '../build.ts'
import type { ClusterVersions } from '../programs.ts'
import { startCluster } from '../start.ts'
import { writeRunning } from './running-cluster.ts'

/** What the background process tells whoever started it. */
export type Told = { readonly is: 'ready' } | { readonly is: 'failed'; readonly message: string; readonly hint: string }

/** The background process: keeps a cluster until it is asked to end. Whoever started it may go away once it was told `ready`, and not before: a start that is cut off leaves nothing running. */
export async function keepCluster(versions: ClusterVersions, cache: string, folder: string): Promise<void> {
  const tell = (told: Told): void => void process.send?.(told)
  let isKept = false
  const ending = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
    process.once('disconnect', () => { if (!isKept) resolve() })
  })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  process.chdir(folder)
  try {
    const built = buildCluster(versions, cache, () => undefined)
    const starting = startCluster(built, folder)
    const first = await Promise.race([starting, ending])
    // The supervisor sees that this process is gone.
    if (first === undefined) return process.exit(1)
    writeRunning(folder, { pid: process.pid, site: first.site, programs: built.programs, versions })
    isKept = true
    tell({ is: 'ready' })
    await ending
    await first.stop()
  } catch (error) {
    tell({ is: 'failed', message: (error as Error).message, hint: String((error as { readonly hint?: unknown }).hint ?? '') })
  }
  return process.exit(isKept ? 0 : 1)
}
