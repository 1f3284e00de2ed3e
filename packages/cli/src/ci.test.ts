import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from '@rollsync/manifests'
import { reporters } from '@rollsync/policy'
import { readConfig } from '@rollsync/policy/config'
import { afterEach, describe, expect, it } from 'vitest'
import { processIo } from './io.ts'
import { main } from './main.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const valueOf = (file: string, text: string): unknown => {
  const { documents, diagnostics } = parse([{ file, text }])
  expect(diagnostics).toEqual([])
  return documents[0]?.value
}
const { version } = JSON.parse(read('packages/cli/package.json')) as { version: string }
const blocks = (file: string): readonly { language: string; text: string }[] =>
  [...read(file).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({ language, text }))

const folders: string[] = []
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'rollsync-'))
  folders.push(made)
  return made
}
/** A checkout with one finding. */
const repository = (): string => {
  const made = folder()
  mkdirSync(join(made, '.git'))
  writeFileSync(join(made, 'rollout.yaml'), `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  strategy: { canary: { steps: [{ setWeight: 10 }, { setHeaderRoute: { name: x, match: [{ headerName: a, headerValue: { exact: b } }] } }] } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: app, image: app:1 }] } }
`)
  return made
}
afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true })
})

async function run(cwd: string, args: readonly string[]): Promise<{ exit: number; out: string; err: string }> {
  let out = ''
  let err = ''
  const exit = await main(args, { ...processIo(cwd), color: 'off', out: (text) => (out += text), err: (text) => (err += text) })
  return { exit, out, err }
}

/** Every `npx --yes rollsync@… …` of a text, as the words behind it. */
const commandLines = (text: string): readonly (readonly string[])[] =>
  [...text.matchAll(/npx --yes rollsync@(\S+) ([^\n']+)/g)].map(([, pinned, words = '']) => {
    expect(pinned).toBe(version)
    return words.trim().split(/\s+/)
  })

describe('docs/ci.md', () => {
  const lines = blocks('docs/ci.md').flatMap(({ text }) => commandLines(text))

  it('holds a command line for GitHub, GitLab and Jenkins, of this release', () => {
    expect(lines).toHaveLength(3)
  })

  it.each(lines)('runs %s %s …, and every report that it names is written', async (...args) => {
    const checkout = repository()
    expect(await run(checkout, args)).toMatchObject({ exit: 1, err: '' })
    const files = args.flatMap((word) => /^\w+=(.+)$/.exec(word)?.[1] ?? [])
    expect(files.length).toBeGreaterThan(0)
    expect(files.filter((file) => !existsSync(join(checkout, file)))).toEqual([])
  })

  it('collects the reports that the command writes, and no others', () => {
    for (const { language, text } of blocks('docs/ci.md')) {
      if (language === 'yaml') valueOf('ci.yaml', text)
      const written = [...text.matchAll(/--format \w+=(\S+?)(?=[\s'])/g)].map((match) => match[1] ?? '')
      for (const file of written) if (language !== 'sh') expect(text.split(file).length - 1).toBe(2)
    }
  })

  it('lists every format that there is', () => {
    expect([...read('docs/ci.md').matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1])).toEqual(Object.keys(reporters))
  })

  it('names inputs and outputs that the action has', () => {
    const action = valueOf('action.yml', read('action.yml')) as { inputs: object; outputs: object }
    const page = read('docs/ci.md')
    const named = (before: string): readonly string[] => [...(new RegExp(`${before}: ([^.]*)\\.`).exec(page)?.[1] ?? '').matchAll(/`([\w-]+)`/g)].map((match) => match[1] ?? '')
    expect(named('Inputs')).toEqual(Object.keys(action.inputs))
    expect(named('Outputs')).toEqual(Object.keys(action.outputs))
    const job = valueOf('ci.yaml', blocks('docs/ci.md')[0]?.text ?? '') as { jobs: { check: { steps: readonly { with?: object }[] } } }
    for (const key of Object.keys(job.jobs.check.steps[1]?.with ?? {})) expect(Object.keys(action.inputs)).toContain(key)
  })
})

describe('action.yml', () => {
  interface Action {
    readonly inputs: Readonly<Record<string, { readonly default: string }>>
    readonly outputs: Readonly<Record<string, { readonly value: string }>>
    readonly runs: { readonly steps: readonly [{ readonly env: Readonly<Record<string, string>>; readonly run: string }] }
  }
  const action = valueOf('action.yml', read('action.yml')) as Action
  const [step] = action.runs.steps

  /** Runs the step as a runner would, with `npx` replaced by one that notes its words and ends with the given code. */
  function act(inputs: Readonly<Record<string, string>>, exit: number, prepare: (temp: string) => void = () => {}): { status: number | null; words: readonly string[]; output: string; summary: string } {
    const temp = folder()
    prepare(temp)
    const npx = join(temp, 'npx')
    writeFileSync(npx, `#!/bin/sh\nprintf '%s\\n' "$@" > ${temp}/words\n[ ! -f ${temp}/given.json ] || mv ${temp}/given.json ${temp}/rollsync.json\n[ ! -f ${temp}/given.md ] || mv ${temp}/given.md ${temp}/rollsync.md\nexit ${exit}\n`, { mode: 0o755 })
    const value = (text: string): string => text.replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, name: string) => inputs[name] ?? String(action.inputs[name]?.default))
    const env = Object.fromEntries(Object.entries(step.env).map(([key, text]) => [key, value(text)]))
    const result = spawnSync('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', step.run], {
      encoding: 'utf8', env: { PATH: `${temp}:${process.env['PATH'] ?? ''}`, RUNNER_TEMP: temp, GITHUB_OUTPUT: join(temp, 'output'), GITHUB_STEP_SUMMARY: join(temp, 'summary'), ...env },
    })
    const text = (file: string): string => (existsSync(join(temp, file)) ? readFileSync(join(temp, file), 'utf8') : '')
    return { status: result.status, words: text('words').trimEnd().split('\n').map((word) => word.replaceAll(temp, 'TEMP')), output: text('output'), summary: text('summary') }
  }

  it('is of this release', () => {
    expect(action.inputs['version']?.default).toBe(version)
  })

  it('takes every input as a variable, and gives every output', () => {
    expect(step.run).not.toContain('${{')
    const outputs = Object.values(action.outputs).map(({ value }) => /steps\.check\.outputs\.([\w-]+)/.exec(value)?.[1])
    for (const name of outputs) expect(step.run).toContain(`${name}=`)
  })

  it('runs a command line that rollsync understands, and passes on its exit code', async () => {
    const { words, status } = act({}, 1)
    expect([words.slice(0, 2), status]).toEqual([['--yes', `rollsync@${version}`], 1])
    const checkout = repository()
    const { exit, out } = await run(checkout, words.slice(2).map((word) => word.replace('TEMP', checkout)))
    expect(exit).toBe(1)
    expect(out).toMatch(/^::error title=/m)
    expect(['rollsync.md', 'rollsync.json', 'rollsync.sarif'].filter((file) => !existsSync(join(checkout, file)))).toEqual([])
  })

  it('passes every input on, several paths line by line, none of them as an option or a command', async () => {
    const { words } = act({ paths: 'a b\n--fail-on\n$(touch x)\n', config: 'c.yaml', 'argocd-version': '3.4', 'rollouts-version': '1.9', 'fail-on': 'never', sarif: 'out/a.sarif' }, 0)
    expect(words.slice(2)).toEqual([
      'check', '--format', 'github', '--format', 'sarif=out/a.sarif', '--format', 'markdown=TEMP/rollsync.md', '--format', 'json=TEMP/rollsync.json',
      '--config', 'c.yaml', '--argocd-version', '3.4', '--rollouts-version', '1.9', '--fail-on', 'never', '--', 'a b', '--fail-on', '$(touch x)',
    ])
  })

  it('writes outputs and the job summary from what was reported', () => {
    const given = (temp: string): void => {
      writeFileSync(join(temp, 'given.json'), JSON.stringify({ summary: { errors: 2, warnings: 3 } }))
      writeFileSync(join(temp, 'given.md'), '## rollsync\n')
    }
    expect(act({ 'working-directory': '.' }, 1, given)).toMatchObject({ output: 'exit-code=1\nerrors=2\nwarnings=3\nsarif=rollsync.sarif\n', summary: '## rollsync\n', status: 1 })
    expect(act({ 'working-directory': 'gitops' }, 0, given).output).toContain('sarif=gitops/rollsync.sarif\n')
  })

  it('says nothing of findings where nothing could be checked', () => {
    expect(act({}, 2, (temp) => writeFileSync(join(temp, 'rollsync.json'), 'left over'))).toMatchObject({ output: 'exit-code=2\n', summary: '', status: 2 })
  })
})

it('the pre-commit hook runs this release on the whole repository', async () => {
  const [hook, ...more] = valueOf('hooks.yaml', read('.pre-commit-hooks.yaml')) as readonly { id: string; entry: string; language: string; files: string; pass_filenames: boolean }[]
  expect([more, hook?.id, hook?.pass_filenames]).toEqual([[], 'rollsync', false])
  const [words] = commandLines(hook?.entry ?? '')
  expect((await run(repository(), words ?? [])).exit).toBe(1)
  expect(['a.yaml', 'b.yml', 'c.json', 'd.md'].filter((file) => new RegExp(hook?.files ?? '').test(file))).toEqual(['a.yaml', 'b.yml', 'c.json'])
})

describe('docs/configuration.md', () => {
  it('shows a configuration that is valid', () => {
    expect(readConfig(valueOf('a.yaml', blocks('docs/configuration.md')[0]?.text ?? ''))).toHaveProperty('config.failOn', 'warning')
  })

  it('explains every key', () => {
    const text = read('docs/configuration.md')
    const { properties } = JSON.parse(read('packages/policy/config.schema.json')) as { properties: object }
    expect(Object.keys(properties).filter((key) => key !== '$schema' && !text.includes(`\`${key}\``))).toEqual([])
  })
})

it('bash is here to run the action', () => {
  expect(execFileSync('bash', ['--version'], { encoding: 'utf8' })).toContain('bash')
})
