import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Rendered, RenderRequest } from '@rollsync/policy'

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
    case 'kustomize': return run('kustomize', ['build', request.folder], cwd)
    case 'helm': return withValues(request, async (file) => run('helm', helmArguments(request, file), cwd))
    default: return request satisfies never
  }
}

type HelmRequest = Extract<RenderRequest, { tool: 'helm' }>

async function withValues(request: HelmRequest, use: (file: string | undefined) => Promise<Rendered>): Promise<Rendered> {
  if (request.values === '') return use(undefined)
  const folder = await mkdtemp(join(tmpdir(), 'rollsync-values-'))
  try {
    await writeFile(join(folder, 'values.yaml'), request.values)
    return await use(join(folder, 'values.yaml'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function helmArguments(request: HelmRequest, values: string | undefined): readonly string[] {
  const files = [...request.valueFiles, ...(values === undefined ? [] : [values])].flatMap((file) => ['--values', file])
  const namespace = request.namespace === '' ? [] : ['--namespace', request.namespace]
  return ['template', request.release, request.folder, ...namespace, '--include-crds', ...files, ...request.parameters.flatMap((one) => ['--set', one])]
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
      else resolve({ why: signal === null ? `${tool} says: ${said.trim().split('\n').at(-1) ?? ''}` : `${tool} was stopped: ${size > largest ? 'it prints more than 50 MB' : 'it took more than a minute'}` })
    })
  })
}
