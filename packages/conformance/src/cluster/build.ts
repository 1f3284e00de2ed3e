import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chooseGo, downloadModule, runGo } from '../go/go-command.ts'
import { writeReleaseModule } from '../go/release-module.ts'
import { ClusterError } from './cluster-error.ts'
import { argocdModule, type ClusterVersions, type GoProgram, goPrograms, installedPrograms } from './programs.ts'

/** Where each program of a cluster stands, by name, and the custom resource definitions of both controllers. */
export interface Built {
  readonly programs: Readonly<Record<string, string>>
  readonly crdFolders: readonly string[]
}

/** Outside the repository, so that every clone shares it: `ROLLSYNC_CLUSTER_CACHE`, or the user's cache folder. */
export function clusterCache(env: NodeJS.ProcessEnv = process.env): string {
  return env['ROLLSYNC_CLUSTER_CACHE'] ?? join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'rollsync', 'cluster')
}

const ourSources = fileURLToPath(new URL('../../cluster/', import.meta.url))

/** Builds what is not in the cache yet: minutes the first time, nothing after. Throws a ClusterError or GoError that says what is missing. `say` is told before each build. */
export function buildCluster(versions: ClusterVersions, cache: string, say: (line: string) => void): Built {
  const found = installedPrograms.map(({ name, debian }) => [name, findInstalled(name, debian)] as const)
  const built = goPrograms(versions).map((program) => [program.name, buildProgram(program, cache, say)] as const)
  const crds = [['github.com/argoproj/argo-rollouts', versions.rollouts], [argocdModule(versions.argocd), versions.argocd]] as const
  return {
    programs: Object.fromEntries([...found, ...built]),
    crdFolders: crds.map(([module, version]) => keepCrds(module, version, cache)),
  }
}

function releaseFolder(cache: string, module: string, version: string): string {
  return join(cache, `${module.replaceAll('/', '_')}@${version}`)
}

/** A release's custom resource definitions, copied beside its programs, so that a start asks Go for nothing. */
function keepCrds(module: string, version: string, cache: string): string {
  const kept = join(releaseFolder(cache, module, version), 'crds')
  if (existsSync(kept)) return kept
  const release = downloadModule(chooseGo(module, version, cache), module, version)
  const work = `${kept}-${process.pid}`
  cpSync(join(release.folder, 'manifests', 'crds'), work, { recursive: true })
  renameSync(work, kept)
  return kept
}

/** What a cluster cannot do without and is not here, each with where it comes from; none where it can be built. */
export function missingPrograms(): readonly string[] {
  const debian = installedPrograms.filter(({ name }) => whereIs(name) === undefined).map(({ name, debian: from }) => `${name} is not installed (apt-get install ${from})`)
  return whereIs('go') === undefined ? ['go is not installed (https://go.dev/dl)', ...debian] : debian
}

function whereIs(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
}

function findInstalled(name: string, debian: string): string {
  const found = whereIs(name)
  if (found === undefined) throw new ClusterError('missing-program', `${name} is not installed`, `on Debian or Ubuntu: sudo apt-get install ${debian}`)
  return found
}

/** The binary of one program. A build that is cut off leaves nothing under the final name. */
function buildProgram({ name, module, version, from }: GoProgram, cache: string, say: (line: string) => void): string {
  const folder = releaseFolder(cache, module, version)
  const binary = join(folder, name)
  const stamp = `${binary}.source`
  const source = 'ours' in from ? readFileSync(join(ourSources, from.ours, 'main.go'), 'utf8') : from.release
  if (existsSync(binary) && existsSync(stamp) && readFileSync(stamp, 'utf8') === source) return binary
  say(`building ${name} of ${module} ${version}`)
  mkdirSync(folder, { recursive: true })
  const go = chooseGo(module, version, cache)
  const work = join(folder, `build-${name}-${process.pid}`)
  try {
    writeReleaseModule(go, { module, version, as: 'rollsync.dev/cluster' }, work)
    if ('ours' in from) cpSync(join(ourSources, from.ours), work, { recursive: true })
    rewriteMajor(work, module)
    runGo(go, ['build', '-mod=mod', '-ldflags=-s -w', '-o', join(work, 'binary'), 'ours' in from ? '.' : from.release], work)
    renameSync(join(work, 'binary'), binary)
    writeFileSync(stamp, source)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return binary
}

/** Our main names Argo CD's newest major version; an older release has another one in its import path. */
function rewriteMajor(work: string, module: string): void {
  const main = join(work, 'main.go')
  if (!existsSync(main) || !module.startsWith('github.com/argoproj/argo-cd/')) return
  writeFileSync(main, readFileSync(main, 'utf8').replaceAll(/github\.com\/argoproj\/argo-cd\/v\d+/g, module))
}
