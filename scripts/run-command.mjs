import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The repository's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** The pinned package manager, fetched by npx; no global pnpm and no corepack is asked for. */
export const pnpm = 'pnpm@10.34.9'

/** The folder a person called from: package managers change into the repository and say where from in INIT_CWD. */
export const callerFolder = process.env.npm_lifecycle_event ? (process.env.INIT_CWD ?? process.cwd()) : process.cwd()

/** Runs a command in the repository, its output shown as it comes. Returns the exit code. */
export const run = (command, args, options = {}) => spawn(command, args, { stdio: 'inherit', ...options }).status ?? 1

/** Runs a command in the repository; its output is shown only when it fails, and then this process ends with code 2. Returns what it printed. */
export const runQuietly = (what, command, args, options = {}) => {
  const began = performance.now()
  process.stderr.write(`${what} …`)
  const { status, stdout, stderr, error } = spawn(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options })
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  process.stderr.write(status === 0 ? ` ${seconds} s\n` : ` failed after ${seconds} s\n`)
  if (status === 0) return stdout ?? ''
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}${error ? `${error.message}\n` : ''}`)
  process.exit(2)
}

const spawn = (command, args, options) => {
  // On Windows npx is a batch file, which only a shell starts.
  const shell = process.platform === 'win32' && command === 'npx'
  return spawnSync(command, args, { cwd: root, shell, ...options })
}
