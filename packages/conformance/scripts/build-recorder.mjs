// Builds the recorder against one published release of Argo Rollouts; nothing of the release is kept in the repository.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const recorder = fileURLToPath(new URL('../recorder/rollouts/', import.meta.url))
const release = 'github.com/argoproj/argo-rollouts'

/** A failure to build, in words for a person. */
export class RecorderError extends Error {}

/** How the go command is called: which binary, in which environment. */
const installed = { command: 'go', env: process.env }

const runGo = ({ command, env }, args, cwd = recorder) => {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (error) throw new RecorderError(`Go is needed to build the recorder: ${error.message}`)
  return { status, stdout: stdout.trim(), stderr: stderr.trim() }
}

const runGoOrThrow = (go, args, cwd) => {
  const { status, stdout, stderr } = runGo(go, args, cwd)
  if (status !== 0) throw new RecorderError(`go ${args.join(' ')}: ${stderr || stdout}`)
  return stdout
}

const download = version => ['mod', 'download', '-json', `${release}@${version}`]

// A release may ask for a patch version of Go that is not installed; only the go command's check of that line is in the way.
/** The installed go command, or one that lets the release pass. */
const chooseGo = (version, cache) => {
  const { status, stdout, stderr } = runGo(installed, download(version))
  if (status === 0) return installed
  // With -json the failure stands on standard output.
  const problem = stdout.startsWith('{') ? JSON.parse(stdout).Error : stderr
  const wanted = /requires go >= (1\.\d+\.\d+)/.exec(problem)?.[1]
  const have = runGoOrThrow(installed, ['env', 'GOVERSION'])
  if (wanted === undefined || !have.startsWith(`go${wanted.replace(/\.\d+$/, '')}.`)) throw new RecorderError(problem)
  process.stderr.write(`${version} asks for Go ${wanted}; building with ${have} and that check overridden\n`)
  return buildGoThatSays(wanted, cache)
}

/** A go command that calls itself so new; the compiler and everything installed stay as they are. */
const buildGoThatSays = (version, cache) => {
  const root = runGoOrThrow(installed, ['env', 'GOROOT'])
  const command = join(cache, `go-${version}`)
  if (!existsSync(command)) {
    const flags = ['-ldflags', `-X cmd/go/internal/gover.TestVersion=go${version}`]
    runGoOrThrow(installed, ['build', ...flags, '-o', command, '.'], join(root, 'src/cmd/go'))
  }
  return { command, env: { ...process.env, GOROOT: root, GOTOOLCHAIN: 'local' } }
}

/** The release's own go.mod as ours: its `replace` lines do not reach a dependent module, so they are taken over. */
const writeModule = (go, version, folder) => {
  const { Dir, GoMod } = JSON.parse(runGoOrThrow(go, download(version)))
  const text = readFileSync(GoMod, 'utf8')
    .replace(/^module .*$/m, 'module rollsync.dev/recorder/rollouts')
    .replaceAll(/^toolchain .*\n/gm, '')
  writeFileSync(join(folder, 'go.mod'), `${text}\nrequire ${release} ${version}\n`)
  writeFileSync(join(folder, 'go.sum'), readFileSync(join(Dir, 'go.sum')))
}

/** Builds the recorder for a release, e.g. v1.10.2, in a cache folder. Returns the path of the binary. */
export const buildRecorder = (version, cache) => {
  const folder = join(cache, version)
  mkdirSync(folder, { recursive: true })
  const go = chooseGo(version, cache)
  writeModule(go, version, folder)
  // Up to v1.6 the clock hook is a variable.
  const tags = /^v1\.[0-6]\./.test(version) ? ['-tags', 'rollouts16'] : []
  const binary = join(folder, 'recorder')
  runGoOrThrow(go, ['build', '-mod=mod', '-modfile', join(folder, 'go.mod'), ...tags, '-o', binary, '.'])
  return binary
}
