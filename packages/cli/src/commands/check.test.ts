import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { moduleHint } from '../config/load-module.ts'
import { type Io, processIo } from '../io.ts'
import { main } from '../main.ts'
import { initialConfig } from './init.ts'

const examples = fileURLToPath(new URL('../../../../examples', import.meta.url))
const folders: string[] = []

/** A checkout with the given files. */
function repository(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'rollsync-'))
  folders.push(folder)
  mkdirSync(join(folder, '.git'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

async function run(cwd: string, ...args: readonly string[]): Promise<{ exit: number; out: string; err: string }> {
  let out = ''
  let err = ''
  const exit = await main(args, { ...processIo(cwd), color: 'off', out: (text) => (out += text), err: (text) => (err += text) })
  return { exit, out, err }
}

const ids = (json: string): readonly string[] => (JSON.parse(json) as { findings: { rule: string }[] }).findings.map((one) => one.rule)
const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: a }\n'
// Two faults that the Rollout alone shows: a route that managedRoutes lacks, set by the first step.
const rollout = `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: web }
spec:
  strategy:
    canary:
      steps:
        - setHeaderRoute: { name: x, match: [{ headerName: a, headerValue: { exact: b } }] }
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: app, image: app:1 }] }
`

/** A rule of a team. */
const noWeb = `export default { meta: { id: 'team/no-web', severity: 'error', recommended: true, summary: 's', messages: { web: 'not {name}' }, hint: 'h', threads: [] },
  check({ repository, report }) { for (const manifest of repository.manifests) report('web', { manifest, pointer: '/metadata/name' }, { name: manifest.ref.name }) } }`

describe('check --format', () => {
  it('prints several formats, each to its file or to standard output', async () => {
    const folder = repository({ 'rollout.yaml': rollout })
    const { exit, out } = await run(folder, 'check', '.', '-f', 'sarif=out/drift.sarif', '-f', 'junit=out/a=b.xml', '--format', 'github')
    expect(exit).toBe(1)
    expect(out).toMatch(/^::error title=header-route-after-pods,file=rollout\.yaml,line=8,/m)
    expect(JSON.parse(readFileSync(join(folder, 'out/drift.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0', runs: [{ tool: { driver: { semanticVersion: '0.1.0' } } }] })
    expect(readFileSync(join(folder, 'out/a=b.xml'), 'utf8')).toContain('<testsuite name="rollout.yaml"')
  })

  it('draws each canary where a page is asked for', async () => {
    const folder = repository({ 'rollout.yaml': rollout.replace(/- setHeaderRoute.*/, '- setWeight: 20\n        - pause: {}') })
    await run(folder, 'check', '.', '-f', 'html=report.html')
    const page = readFileSync(join(folder, 'report.html'), 'utf8')
    expect(page.includes('<svg class="timeline"')).toBe(true)
    expect(page.includes('2/2 pause')).toBe(true)
  })

  it('draws the same pictures as simulate --format svg, of the day that goes well and of those that do not', async () => {
    const folder = repository({})
    cpSync(join(examples, 'alb-header-route'), folder, { recursive: true, filter: (path) => !/\.(mjs|ts|md)$/.test(path) })
    await run(folder, 'check', '.', '-f', 'html=report.html')
    const drawn = [...readFileSync(join(folder, 'report.html'), 'utf8').matchAll(/<svg[\s\S]*?<\/svg>\n/g)].map(([svg]) => svg)
    const asked = [[], ['--day', 'aborted'], ['--day', 'undone'], ['--day', 'synced'], ['--day', 'crashed']]
    const simulated: string[] = []
    for (const day of asked) simulated.push((await run(folder, 'simulate', '.', ...day, '--format', 'svg')).out.replace(/<style>.*<\/style>\n/s, ''))
    expect(drawn).toEqual(simulated)
  }, 60_000)

  it.each(['xml', 'toString', 'json=', '=x', ''])('%j is no format', async (format) => {
    expect(await run(repository({ 'a.yaml': service }), 'check', '--format', format)).toMatchObject({ exit: 2, out: '' })
  })
})

it('says which report cannot be written, and writes no two into one file', async () => {
  const folder = repository({ 'a.yaml': service, 'taken/x': '' })
  const { exit, err } = await run(folder, 'check', '.', '-f', 'json=taken')
  expect([exit, err.includes('taken: cannot be written'), err.includes('defect of rollsync')]).toEqual([2, true, false])
  expect((await run(folder, 'check', '.', '-f', 'json=a', '-f', 'sarif=a')).err).toContain('two formats are to be written to a')
})

describe('a file that cannot be read', () => {
  it('makes the exit code 2 and hides nothing of the rest, whether its text is broken or the system does not give it', async () => {
    const folder = repository({ 'rollout.yaml': rollout, 'broken.yaml': 'a: b: c\n', 'closed.yaml': service })
    let out = ''
    const io = processIo(folder)
    const read: Io['read'] = async (path) => (path === 'closed.yaml' ? Promise.reject(Object.assign(new Error('no'), { code: 'EACCES' })) : io.read(path))
    const exit = await main(['check', '.', '--cache-location', 'kept'], { ...io, color: 'off', read, out: (text) => (out += text) })
    expect(exit).toBe(2)
    expect(out).toMatch(/^closed\.yaml:1:1  error  cannot be read \(EACCES\)  unreadable-file$/m)
    expect(out).toMatch(/^broken\.yaml:1:4  error  .*bad-yaml$/m)
    expect(out).toMatch(/^rollout\.yaml:/m)
    expect(out).toContain('2 files could not be read; the rest: ')
    expect(existsSync(join(folder, 'kept'))).toBe(false)
  })
})

describe('check --fix', () => {
  it('makes mends that meet in one place one after the other, and keeps every other byte', async () => {
    const route = '{ setHeaderRoute: { name: b, match: [{ headerName: x, headerValue: { exact: yes-it-is } }] } }'
    const text = (routes: string): string => `apiVersion: argoproj.io/v1alpha1\r\nkind: Rollout\r\nmetadata: { name: web }\r\nspec:\r\n  selector: { matchLabels: { app: web } }\r\n  strategy: { canary: { trafficRouting: { managedRoutes: ${routes}, nginx: {} }, steps: [ { setWeight: 10 }, ${route} ] } } # kept\r\n  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: app, image: app:1 }] } }\r\n`
    const folder = repository({ 'rollout.yaml': text('[ { name: a } ]') })
    const { err } = await run(folder, 'check', '.', '--fix')
    expect(readFileSync(join(folder, 'rollout.yaml'), 'utf8')).toContain('managedRoutes: [{name: b}], nginx')
    expect(err.match(/^mended rollout\.yaml$/gm)).toHaveLength(2)
    const after = readFileSync(join(folder, 'rollout.yaml'), 'utf8')
    expect(after.replace(/managedRoutes: \[[^\]]*\]/, 'managedRoutes: [ { name: a } ]')).toBe(text('[ { name: a } ]'))
    await run(folder, 'check', '.', '--fix')
    expect(readFileSync(join(folder, 'rollout.yaml'), 'utf8')).toBe(after)
  })
})

describe('check by a configuration', () => {
  it('changes severities, switches rules off, and sets what fails', async () => {
    const folder = repository({ 'service.yaml': service, 'no-web.mjs': noWeb })
    const config = (text: string): void => writeFileSync(join(folder, 'rollsync.config.yaml'), `rulesFrom: [./no-web.mjs]\n${text}`)
    config('')
    expect((await run(folder, 'check', '.')).exit).toBe(1)
    config('rules: { team/no-web: warning }\n')
    const { exit, out } = await run(folder, 'check', '.', '-f', 'json')
    expect([exit, JSON.parse(out)]).toMatchObject([0, { findings: [{ rule: 'team/no-web', severity: 'warning' }], summary: { warnings: 1 } }])
    config('rules: { team/no-web: warning }\nfailOn: warning\n')
    expect((await run(folder, 'check', '.')).exit).toBe(1)
    expect((await run(folder, 'check', '.', '--fail-on', 'error')).exit).toBe(0)
    config('rules: { team/no-web: "off" }\nfailOn: warning\n')
    expect((await run(folder, 'check', '.')).exit).toBe(0)
  })

  it('does not read what it ignores, counted from its own folder', async () => {
    const folder = repository({ 'prod/rollout.yaml': rollout, 'prod/broken.yaml': 'a: [', 'rollsync.config.json': '{ "ignore": ["prod/b*.yaml"] }' })
    expect((await run(folder, 'check', '.', '--fail-on', 'never')).exit).toBe(0)
    expect((await run(join(folder, 'prod'), 'check', '.', '--fail-on', 'never')).exit).toBe(0)
    expect((await run(folder, 'check', 'prod', '--fail-on', 'never')).exit).toBe(0)
    rmSync(join(folder, 'rollsync.config.json'))
    expect((await run(folder, 'check', '.', '--fail-on', 'never')).exit).toBe(2)
  })

  it('takes the nearest file, and none from above the checkout', async () => {
    const folder = repository({ 'rollsync.config.yaml': 'failOn: never', 'inner/rollsync.config.yaml': 'failOn: error', 'inner/rollout.yaml': rollout, 'other/.git/x': '', 'other/rollout.yaml': rollout })
    expect((await run(folder, 'check', 'inner')).exit).toBe(1)
    expect((await run(folder, 'check', 'inner', '--config', 'rollsync.config.yaml')).exit).toBe(0)
    expect((await run(join(folder, 'other'), 'check')).exit).toBe(1)
  })

  it('says each fault at its place, and checks nothing', async () => {
    const folder = repository({ 'rollout.yaml': rollout, 'rollsync.config.yaml': 'argocdVersion: 3.10\nignores: [a]\n' })
    const { exit, out, err } = await run(folder, 'check')
    expect([exit, out]).toEqual([2, ''])
    expect(err).toContain('rollsync.config.yaml:1:1: argocdVersion must be a version in quotes')
    expect(err).toContain('rollsync.config.yaml:2:1: there is no key ignores (did you mean ignore?)')
  })

  it.each([
    ['a rule that there is not', { 'rollsync.config.yaml': 'rules:\n  no-lost-rout: error\n' }, 'rollsync.config.yaml:2:3: there is no rule no-lost-rout\n  hint: did you mean no-lost-route?'],
    ['broken YAML', { 'rollsync.config.yaml': 'rules: [' }, 'rollsync.config.yaml:1:'],
    ['two documents', { 'rollsync.config.yaml': '{}\n---\n{}\n' }, 'a configuration is one document'],
    ['two files', { 'rollsync.config.yaml': '', 'rollsync.config.json': '{}' }, '. holds rollsync.config.yaml and rollsync.config.json'],
    ['a module that throws', { 'rollsync.config.js': 'throw new Error("no")' }, 'rollsync.config.js: no\n'],
    ['a module without a default', { 'rollsync.config.mjs': 'export const a = 1' }, 'there is no default export'],
    ['rules from nowhere', { 'rollsync.config.yaml': 'rulesFrom: [./x.js]' }, './x.js: no such file'],
    ['rules that are none', { 'rollsync.config.yaml': 'rulesFrom: [./x.mjs]', 'x.mjs': 'export default {}' }, './x.mjs: a rule without meta'],
    ['an unknown version', { 'rollsync.config.yaml': 'argocdVersion: "1.2"' }, 'nothing is known of Argo CD 1.2'],
  ])('with %s it says so and ends with 2', async (_, files, text) => {
    const { exit, err } = await run(repository({ 'rollout.yaml': rollout, ...files } as Record<string, string>), 'check')
    expect(err).toContain(text)
    expect([exit, err.includes('defect of rollsync')]).toEqual([2, false])
  })

  it('runs a rule of the team, and a comment silences it like any other', async () => {
    const folder = repository({ 'service.yaml': service, 'rules/no-web.mjs': noWeb, 'rollsync.config.js': 'export default { rulesFrom: ["rules/no-web.mjs"], rules: { "team/no-web": "warning" } }' })
    expect((await run(folder, 'check', '-f', 'github')).out).toMatch(/^::warning title=team\/no-web,file=service\.yaml,line=3,.*::not a%0Ah\n$/)
    writeFileSync(join(folder, 'service.yaml'), service.replace('metadata', '# rollsync-disable-next-line team/no-web -- old\nmetadata'))
    expect((await run(folder, 'check', '-f', 'github')).out).toBe('')
  })

  it('says which Node reads TypeScript, where this one does not', () => {
    const refused = Object.assign(new Error('x'), { code: 'ERR_UNKNOWN_FILE_EXTENSION' })
    expect(moduleHint('rollsync.config.ts', refused)).toContain('Node 22.18')
    expect(moduleHint('rollsync.config.js', refused)).not.toContain('22.18')
    expect(moduleHint('rollsync.config.ts', new Error('x'))).not.toContain('22.18')
  })
})

describe('init', () => {
  it('writes a configuration that changes nothing, and touches none that is there', async () => {
    const folder = repository({ 'a.yaml': service })
    expect(await run(folder, 'init')).toMatchObject({ exit: 0, out: '' })
    expect(readFileSync(join(folder, 'rollsync.config.yaml'), 'utf8')).toBe(initialConfig())
    expect((await run(folder, 'check')).exit).toBe(0)
    expect(await run(folder, 'init')).toMatchObject({ exit: 2 })
  })

  it('explains every key with a value that is valid when the # is taken away', async () => {
    const text = initialConfig().replaceAll(/^#(?=[ a-z])(?! [A-Zy])/gm, '').replace(/^rulesFrom.*$/m, '')
    const { err, exit } = await run(repository({ 'a.yaml': service, 'rollsync.config.yaml': text }), 'check')
    expect([err, exit]).toEqual(['', 0])
    expect(text.match(/^\w+:/gm)).toEqual(['argocdVersion:', 'rolloutsVersion:', 'lbcVersion:', 'rules:', 'ignore:', 'failOn:'])
  })
})

it('the example has a finding, and the exit code says so', async () => {
  const folder = repository({})
  cpSync(join(examples, 'alb-header-route'), folder, { recursive: true })
  const { exit, out } = await run(folder, 'check', '.', '-f', 'json')
  expect(exit).toBe(1)
  expect(ids(out)).toContain('expression-parses')
})

it('the example with a rule of its own runs it at the severity that its configuration gives', async () => {
  expect(await run(join(examples, 'own-rule'), 'check', '.')).toMatchObject({ exit: 0 })
  const folder = repository({})
  cpSync(join(examples, 'own-rule'), folder, { recursive: true })
  writeFileSync(join(folder, 'manifests/rollout.yaml'), rollout)
  expect((await run(folder, 'check', 'manifests', '-f', 'github')).out).toContain('::warning title=team/owned,file=manifests/rollout.yaml,line=3,')
})
