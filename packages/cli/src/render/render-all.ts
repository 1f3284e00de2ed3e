import { spawn } from 'node:child_process'
import { access, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { globMatcher, type Rendered, type RenderRequest } from '@rollsync/policy'
import { withLocalDependencies } from './local-dependencies.ts'

const atOnce = 4
const limit = 60_000
const largest = 50 * 1024 * 1024

/** Runs kustomize and helm, a few at a time, each at most a minute; what cannot be rendered says why. Folders are relative to `cwd`. */
export async function renderAll(requests: readonly RenderRequest[], cwd: string): Promise<ReadonlyMap<string, Rendered>> {
  const rendered = new Map<string, Rendered>()
  const waiting = [...requests]
  const work = async (): Promise<void> => {
    for (let request = waiting.shift(); request !== undefined; request = waiting.shift()) rendered.set(request.key, await render(request, cwd))
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, waiting.length) }, work))
  return rendered
}

async function render(request: RenderRequest, cwd: string): Promise<Rendered> {
  switch (request.tool) {
    case 'kustomize': return Object.keys(request.overlay).length === 0 ? run('kustomize', ['build', ...request.flags, request.folder], cwd) : overlaid(request, cwd)
    case 'helm': return withValues(request, async (file) => helm(request, file, cwd))
    default: return request satisfies never
  }
}

type HelmRequest = Extract<RenderRequest, { tool: 'helm' }>
type KustomizeRequest = Extract<RenderRequest, { tool: 'kustomize' }>

/** What the Application adds lies over the kustomization, in a folder of its own. */
async function overlaid({ folder, overlay, flags }: KustomizeRequest, cwd: string): Promise<Rendered> {
  return inScratch(async (scratch) => {
    await writeFile(join(scratch, 'kustomization.yaml'), JSON.stringify({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources: [relative(scratch, await realpath(resolve(cwd, folder)))], ...overlay }))
    return run('kustomize', ['build', ...flags, scratch], cwd)
  })
}

async function inScratch(use: (folder: string) => Promise<Rendered>): Promise<Rendered> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'rollsync-render-')))
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function withValues(request: HelmRequest, use: (file: string | undefined) => Promise<Rendered>): Promise<Rendered> {
  if (request.values === '') return use(undefined)
  return inScratch(async (folder) => {
    await writeFile(join(folder, 'values.yaml'), request.values)
    return use(join(folder, 'values.yaml'))
  })
}

async function helm(request: HelmRequest, values: string | undefined, cwd: string): Promise<Rendered> {
  const given = await valueFilesOf(request, cwd)
  if ('why' in given) return given
  const files = [...given.files, ...(values === undefined ? [] : [values])].flatMap((file) => ['--values', file])
  const namespace = request.namespace === '' ? [] : ['--namespace', request.namespace]
  const template = async (chart: string): Promise<Rendered> => run('helm', ['template', request.release, chart, ...namespace, ...files, ...request.arguments], cwd)
  const rendered = await template(request.folder)
  if ('text' in rendered || !rendered.why.includes('missing in charts/ directory')) return rendered
  // repository.go runs `helm dependency build` then; what lies beside the chart needs neither it nor the network
  return inScratch(async (scratch) => {
    const chart = join(scratch, 'chart')
    return (await withLocalDependencies(resolve(cwd, request.folder), chart).catch(() => 'none')) === 'some' ? template(chart) : rendered
  })
}

const isRemote = (file: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(file)

/** reposerver/repository.go getResolvedValueFiles: a glob stands for its files in order of name, without those that are named themselves. */
async function valueFilesOf({ valueFiles, ignoreMissingValueFiles }: HelmRequest, cwd: string): Promise<{ readonly files: readonly string[] } | { readonly why: string }> {
  const files: string[] = []
  for (const name of valueFiles) {
    const isGlob = !isRemote(name) && /[*?[]/.test(name)
    const found = isGlob ? (await matching(name, cwd)).filter((file) => !valueFiles.includes(file)) : isRemote(name) || (await isThere(resolve(cwd, name))) ? [name] : []
    if (found.length === 0 && ignoreMissingValueFiles === 'no') return { why: isGlob ? `no value file matches ${name}` : `there is no value file ${name}` }
    for (const file of found) if (!files.includes(file)) files.push(file)
  }
  return { files }
}

/** The files that a glob matches, below the folder that it begins with. */
async function matching(pattern: string, cwd: string): Promise<readonly string[]> {
  const [fixed = ''] = /^(?:[^*?[]*\/)?/.exec(pattern) ?? []
  const below = await readdir(resolve(cwd, fixed === '' ? '.' : fixed), { recursive: true, withFileTypes: true }).catch(() => [])
  const names = below.flatMap((entry) => (entry.isFile() ? [relative(resolve(cwd, fixed), join(entry.parentPath, entry.name)).replaceAll('\\', '/')] : []))
  return names.filter(globMatcher([pattern.slice(fixed.length)], { dot: true })).map((name) => fixed + name).toSorted()
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(() => true, () => false)
}

const home = { kustomize: 'https://kubectl.docs.kubernetes.io/installation/kustomize/', helm: 'https://helm.sh/docs/intro/install/' } as const

async function run(tool: 'kustomize' | 'helm', args: readonly string[], cwd: string): Promise<Rendered> {
  return new Promise((resolve) => {
    const child = spawn(tool, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    // Node's own `timeout` is not cleared where the tool does not start, and keeps the process for its minute.
    const timer = setTimeout(() => child.kill('SIGKILL'), limit)
    const out: Buffer[] = []
    let size = 0
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > largest) child.kill('SIGKILL')
      else out.push(chunk)
    })
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-2000)))
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      resolve({ why: error.code === 'ENOENT' ? `${tool} is not installed (${home[tool]})` : `${tool} does not start: ${error.message}` })
    })
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      if (code === 0) resolve({ text: Buffer.concat(out).toString('utf8') })
      else resolve({ why: signal === null ? `${tool} says: ${reasonIn(said)}` : `${tool} was stopped: ${size > largest ? 'it prints more than 50 MB' : 'it took more than a minute'}` })
    })
  })
}

/** The last line of what a tool says; kustomize quotes a whole configuration before it. */
function reasonIn(said: string): string {
  const last = said.trim().split('\n').at(-1)?.replace(/^`: /, '') ?? ''
  return last.includes('must specify --enable-helm') ? `${last}; in Argo CD that is kustomize.buildOptions of argocd-cm, and none stands among these files` : last
}
