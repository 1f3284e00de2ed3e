// Brings kustomize and helm for the tests that need the real ones: from PATH, from a cache beside other caches of this user, or built once by Go.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

const tools = {
  kustomize: { module: 'sigs.k8s.io/kustomize/kustomize/v5@v5.7.1', version: '5.7.1' },
  helm: { module: 'helm.sh/helm/v3/cmd/helm@v3.18.6', version: '3.18.6' },
}

/** The folder that holds the tool, or why it cannot be had. */
export function ensureRenderer(tool) {
  if (spawnSync(tool, ['version'], { stdio: 'ignore' }).error === undefined) return { folder: undefined }
  const { module, version } = tools[tool]
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'rollsync', `${tool}-${version}`)
  if (existsSync(join(folder, tool))) return { folder }
  if (spawnSync('go', ['version'], { stdio: 'ignore' }).error !== undefined) return { why: `neither ${tool} nor Go is installed` }
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    return { why: `${folder} cannot be made (${error.code})` }
  }
  const built = spawnSync('go', ['install', module], { env: { ...process.env, GOBIN: folder, GOFLAGS: '' }, encoding: 'utf8', timeout: 900_000 })
  return built.status === 0 ? { folder } : { why: `go install ${module}: ${built.stderr.trim().split('\n').at(-1) ?? ''}` }
}

/** PATH with the tool on it. */
export function withTool(folder) {
  return folder === undefined ? process.env.PATH : `${folder}${delimiter}${process.env.PATH}`
}
