import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const identity = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@x', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@x', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' }

/** Not the repository of a hook that the tests run in. */
const outside = (): NodeJS.ProcessEnv => Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')))

export function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, env: { ...outside(), ...identity }, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] })
}

export interface Bare {
  readonly root: string
  /** The bare repository. */
  readonly path: string
  /** A clone of it that commits and pushes like any other writer. */
  readonly clone: string
  commit(files: Readonly<Record<string, string>>, message?: string): string
  /** Several commits, pushed together. */
  commits(several: readonly Readonly<Record<string, string>>[]): void
  file(path: string): string
  remove(): void
}

/** A bare repository with one branch, main, holding these files. */
export function makeBare(files: Readonly<Record<string, string>>): Bare {
  const root = mkdtempSync(join(tmpdir(), 'rollsync-revert-'))
  const path = join(root, 'origin.git')
  const clone = join(root, 'clone')
  git(root, 'init', '-q', '--bare', '-b', 'main', path)
  git(path, 'config', 'http.receivepack', 'true')
  git(root, 'init', '-q', '-b', 'main', clone)
  git(clone, 'remote', 'add', 'origin', path)
  const write = (changed: Readonly<Record<string, string>>, message: string): void => {
    for (const [name, text] of Object.entries(changed)) {
      mkdirSync(dirname(join(clone, name)), { recursive: true })
      writeFileSync(join(clone, name), text)
    }
    git(clone, 'add', '-A')
    git(clone, 'commit', '-q', '-m', message)
  }
  let started = false
  const update = (): void => {
    if (started) git(clone, 'pull', '-q', '--ff-only', 'origin', 'main')
    started = true
  }
  const bare: Bare = {
    root, path, clone,
    commit: (changed, message = 'change') => {
      update()
      write(changed, message)
      git(clone, 'push', '-q', '-u', 'origin', 'main')
      return git(clone, 'rev-parse', 'HEAD').trim()
    },
    commits: (several) => {
      update()
      for (const changed of several) write(changed, 'change')
      git(clone, 'push', '-q', 'origin', 'main')
    },
    file: (name) => git(path, 'show', `main:${name}`),
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
  bare.commit(files, 'first')
  return bare
}

export interface Server {
  readonly url: string
  close(): Promise<void>
}

/** Serves the repositories below a folder through `git http-backend`; `gate` may answer in its place. `port`: 0 for any that is free. */
export async function serve(root: string, gate: (request: IncomingMessage, response: ServerResponse) => 'answered' | 'go on' = () => 'go on', port = 0): Promise<Server> {
  const server = createServer((request, response) => {
    if (gate(request, response) === 'answered') return
    const [path = '', query = ''] = (request.url ?? '').split('?')
    const child = spawn('git', ['http-backend'], {
      env: {
        ...outside(), ...identity, GIT_PROJECT_ROOT: root, GIT_HTTP_EXPORT_ALL: '1', REQUEST_METHOD: request.method ?? 'GET', PATH_INFO: path, QUERY_STRING: query,
        CONTENT_TYPE: request.headers['content-type'] ?? '', CONTENT_LENGTH: request.headers['content-length'] ?? '', REMOTE_USER: 'tester', REMOTE_ADDR: '127.0.0.1',
      },
    })
    request.pipe(child.stdin)
    child.stdin.on('error', () => undefined)
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('close', () => {
      const out = Buffer.concat(chunks)
      const end = out.indexOf('\r\n\r\n')
      const headers = out.subarray(0, end).toString('latin1').split('\r\n').map((line) => line.split(': ') as [string, string])
      const status = headers.find(([name]) => name === 'Status')?.[1]
      response.writeHead(status === undefined ? 200 : Number(status.slice(0, 3)), Object.fromEntries(headers.filter(([name]) => name !== 'Status')))
      response.end(out.subarray(end + 4))
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: async () => new Promise((resolve) => server.close(() => resolve())) }
}
