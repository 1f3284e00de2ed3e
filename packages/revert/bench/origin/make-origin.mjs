// A repository of many services with 501 commits behind `git http-backend` on loopback, gone when the process ends.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const env = { ...process.env, GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@x', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@x', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_TERMINAL_PROMPT: '0' }

export const pathOf = service => `teams/team-${service % 200}/part-${service % 11}/service-${service}.yaml`
export const imageOf = service => `registry.example.com/team-${service % 200}/service-${service}`
export const rollout = (service, tag) => `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: service-${service}
  namespace: team-${service % 200}
spec:
  replicas: ${service % 7}
  template:
    spec:
      containers:
        - name: app
          image: ${imageOf(service)}:${tag}
          ports:
            - containerPort: ${8000 + (service % 1000)}
`
const put = (service, tag) => {
  const text = rollout(service, tag)
  return `M 100644 inline ${pathOf(service)}\ndata ${Buffer.byteLength(text)}\n${text}\n`
}
const commit = (time, body) => `commit refs/heads/main\ncommitter a <a@x> ${time} +0000\ndata 1\nx\n${body}`

/** The repository as a bare one; `git` runs at once, `run` waits for a program that fails loudly. */
const makeBare = (root, count) => {
  const bare = join(root, 'origin.git')
  const git = (args, input) => execFileSync('git', args, { cwd: root, env, input, maxBuffer: 1e9, stdio: ['pipe', 'pipe', 'ignore'] })
  const history = [commit(1_700_000_000, Array.from({ length: count }, (_, service) => put(service, '1.0')).join(''))]
  for (let step = 1; step <= 500; step++) history.push(commit(1_700_000_000 + step, put((step * 37) % count, `1.${step}`)))
  git(['init', '-q', '--bare', '-b', 'main', bare])
  git(['--git-dir', bare, 'fast-import', '--quiet'], history.join(''))
  git(['--git-dir', bare, 'repack', '-adq'])
  git(['--git-dir', bare, 'config', 'http.receivepack', 'true'])
  git(['--git-dir', bare, 'branch', 'other', 'main'])
}

const serve = root => createServer((request, response) => {
  const [path, query = ''] = request.url.split('?')
  const child = spawn('git', ['http-backend'], { env: { ...env, GIT_PROJECT_ROOT: root, GIT_HTTP_EXPORT_ALL: '1', REQUEST_METHOD: request.method, PATH_INFO: path, QUERY_STRING: query, CONTENT_TYPE: request.headers['content-type'] ?? '', CONTENT_LENGTH: request.headers['content-length'] ?? '', HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '', GIT_PROTOCOL: request.headers['git-protocol'] ?? '', REMOTE_USER: 'bench' } })
  request.pipe(child.stdin)
  const chunks = []
  child.stdout.on('data', chunk => chunks.push(chunk))
  child.on('close', () => {
    const all = Buffer.concat(chunks)
    const end = all.indexOf('\r\n\r\n')
    const headers = all.subarray(0, end).toString('latin1').split('\r\n').map(line => line.split(': '))
    response.writeHead(Number(headers.find(([name]) => name === 'Status')?.[1].slice(0, 3) ?? 200), Object.fromEntries(headers.filter(([name]) => name !== 'Status')))
    response.end(all.subarray(end + 4))
  })
})

/** Branches `main` and `other`, both at the newest commit. */
export const makeOrigin = async count => {
  const root = mkdtempSync(join(tmpdir(), 'rollsync-bench-'))
  process.on('exit', () => rmSync(root, { recursive: true, force: true }))
  makeBare(root, count)
  const server = serve(root)
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  const run = (program, args, cwd = root) =>
    new Promise((resolve, reject) => {
      const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] })
      const said = []
      child.stderr.on('data', chunk => said.push(chunk))
      child.on('error', reject)
      child.on('close', code => (code === 0 ? resolve() : reject(new Error(`${program} ${args.join(' ')}: ${Buffer.concat(said)}`))))
    })
  return { root, run, url: `http://127.0.0.1:${server.address().port}/origin.git` }
}
