import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { GoError } from './go-error.ts'

/** How the go command is called: which binary, in which environment. */
export interface Go {
  readonly command: string
  readonly env: NodeJS.ProcessEnv
}

const installed: Go = { command: 'go', env: process.env }

/** Runs the go command in a folder; throws a GoError with what it said where it fails. */
export function runGo(go: Go, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = tryGo(go, args, cwd)
  if (status !== 0) throw new GoError(`go ${args.join(' ')}: ${stderr || stdout}`)
  return stdout
}

/** Where a module's release stands in Go's module cache, fetched when it is not there. */
export function downloadModule(go: Go, module: string, version: string): { readonly folder: string; readonly goMod: string } {
  const { Dir, GoMod } = JSON.parse(runGo(go, ['mod', 'download', '-json', `${module}@${version}`], '/')) as { readonly Dir: string; readonly GoMod: string }
  return { folder: Dir, goMod: GoMod }
}

// A release may ask for a patch version of Go that is not installed; only the go command's check of that line is in the way.
/** The installed go command, or one made in `cache` that lets the release pass: the compiler stays as it is. */
export function chooseGo(module: string, version: string, cache: string): Go {
  const { status, stdout, stderr } = tryGo(installed, ['mod', 'download', '-json', `${module}@${version}`], '/')
  if (status === 0) return installed
  // With -json the failure stands on standard output.
  const problem = stdout.startsWith('{') ? (JSON.parse(stdout) as { readonly Error: string }).Error : stderr
  const wanted = /requires go >= (1\.\d+\.\d+)/.exec(problem)?.[1]
  const have = runGo(installed, ['env', 'GOVERSION'], '/')
  if (wanted === undefined || !have.startsWith(`go${wanted.replace(/\.\d+$/, '')}.`)) throw new GoError(problem)
  process.stderr.write(`${version} asks for Go ${wanted}; building with ${have} and that check overridden\n`)
  return goThatSays(wanted, cache)
}

/** A go command that calls itself so new. */
function goThatSays(version: string, cache: string): Go {
  const root = runGo(installed, ['env', 'GOROOT'], '/')
  const command = join(cache, `go-${version}`)
  if (!existsSync(command)) runGo(installed, ['build', '-ldflags', `-X cmd/go/internal/gover.TestVersion=go${version}`, '-o', command, '.'], join(root, 'src/cmd/go'))
  return { command, env: { ...process.env, GOROOT: root, GOTOOLCHAIN: 'local' } }
}

function tryGo({ command, env }: Go, args: readonly string[], cwd: string): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (error) throw new GoError(`Go is needed: ${error.message}`, { cause: error })
  return { status, stdout: stdout.trim(), stderr: stderr.trim() }
}
