// Builds the recorder against one published release of Argo Rollouts; nothing of the release is kept in the repository. Imported once dist is built.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chooseGo, runGo, writeReleaseModule } from '../dist/index.js'

const recorder = fileURLToPath(new URL('../recorder/rollouts/', import.meta.url))
const module = 'github.com/argoproj/argo-rollouts'

/** Builds the recorder for a release, e.g. v1.10.2, in a cache folder. Returns the path of the binary. */
export const buildRecorder = (version, cache) => {
  const folder = join(cache, version)
  const go = chooseGo(module, version, cache)
  const goMod = writeReleaseModule(go, { module, version, as: 'rollsync.dev/recorder/rollouts' }, folder)
  // Up to v1.6 the clock hook is a variable.
  const tags = /^v1\.[0-6]\./.test(version) ? ['-tags', 'rollouts16'] : []
  const binary = join(folder, 'recorder')
  runGo(go, ['build', '-mod=mod', '-modfile', goMod, ...tags, '-o', binary, '.'], recorder)
  return binary
}
