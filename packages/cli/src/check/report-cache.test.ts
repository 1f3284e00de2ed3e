import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { processIo } from '../io.ts'
import { main } from '../main.ts'
import { progress } from './progress.ts'

const example = fileURLToPath(new URL('../../../../examples/alb-header-route', import.meta.url))
const folders: string[] = []

function copy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rollsync-'))
  folders.push(folder)
  cpSync(example, folder, { recursive: true })
  return folder
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

async function check(cwd: string, ...args: readonly string[]): Promise<{ readonly exit: number; readonly out: string; readonly err: string }> {
  let out = ''
  let err = ''
  const exit = await main(['check', '.', '--cache-location', 'kept', '--format', 'json', ...args], { ...processIo(cwd), color: 'off', progress: 'hidden', out: (text) => (out += text), err: (text) => (err += text) })
  return { exit, out, err }
}

const kept = (folder: string): readonly string[] => readdirSync(join(folder, 'kept'))

describe('check --cache', () => {
  it('gives the kept answer where no byte has changed, with its exit code', async () => {
    const folder = copy()
    const first = await check(folder)
    const [file = ''] = kept(folder)
    const entry = join(folder, 'kept', file)
    const text = execFileSync('cat', [entry], { encoding: 'utf8' })
    writeFileSync(entry, text.replace('"argocd":"', '"argocd":"kept '))
    const again = await check(folder)
    expect(JSON.parse(again.out)).toMatchObject({ argocd: expect.stringMatching(/^kept /) })
    expect(again.exit).toBe(first.exit)
  })

  it.each([
    ['a byte of a manifest', async (folder: string) => (writeFileSync(join(folder, 'more.yaml'), '# nothing\n'), check(folder))],
    ['a JSON file that an ApplicationSet may be made of', async (folder: string) => (writeFileSync(join(folder, 'clusters.json'), '{ "cluster": "prod" }\n'), check(folder))],
    ['the Argo CD version', async (folder: string) => check(folder, '--argocd-version', '3.0')],
    ['the configuration', async (folder: string) => (writeFileSync(join(folder, 'rollsync.config.yaml'), 'rules: { pause-is-told: "off" }\n'), check(folder))],
  ])('makes a new answer where %s is another one', async (_, change) => {
    const folder = copy()
    await check(folder)
    await change(folder)
    expect(kept(folder)).toHaveLength(2)
  })

  it('makes a new answer in place of one that was cut short', async () => {
    const folder = copy()
    const { out } = await check(folder)
    writeFileSync(join(folder, 'kept', kept(folder)[0] ?? ''), '{"file":')
    expect((await check(folder)).out).toBe(out)
  })

  it('keeps nothing where rules of a team may read anything', async () => {
    const folder = copy()
    writeFileSync(join(folder, 'own.mjs'), 'export default { meta: { id: "own-rule", severity: "info", recommended: true, summary: "s", messages: {}, hint: "h", threads: [] }, check() {} }\n')
    writeFileSync(join(folder, 'rollsync.config.yaml'), 'rulesFrom: [own.mjs]\n')
    const { err } = await check(folder)
    expect(err).toBe('')
    expect(readdirSync(folder)).not.toContain('kept')
  })
})

describe('check --changed-since', () => {
  it('says which commit git does not know', async () => {
    const folder = copy()
    execFileSync('git', ['init', '-q'], { cwd: folder })
    expect(await check(folder, '--changed-since', 'nowhere')).toMatchObject({ exit: 2, err: expect.stringContaining('nowhere') })
  })

  it('finds nothing where nothing changed, and what an untracked file brings', async () => {
    const folder = copy()
    const git = (...args: readonly string[]): unknown => execFileSync('git', [...args], { cwd: folder, env: { ...process.env, GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@x', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@x' } })
    git('init', '-q')
    git('add', '.')
    git('commit', '-qm', 'x')
    expect(JSON.parse((await check(folder, '--changed-since', 'HEAD')).out)).toMatchObject({ findings: [], proofs: [] })
    writeFileSync(join(folder, 'more.yaml'), 'apiVersion: v1\nkind: Service\nmetadata: { name: more }\n')
    expect((JSON.parse((await check(folder, '--changed-since', 'HEAD')).out) as { findings: unknown[] }).findings).not.toEqual([])
  })
})

describe('check --changed-since, on what git tells', () => {
  const repository = () => {
    const folder = copy()
    const git = (...args: readonly string[]): unknown => execFileSync('git', [...args], { cwd: folder, stdio: 'pipe', env: { ...process.env, GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@x', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@x' } })
    git('init', '-q')
    git('add', '.')
    git('commit', '-qm', 'x')
    const findings = async (...args: readonly string[]): Promise<readonly { readonly file: string; readonly rule: string }[]> => (JSON.parse((await check(folder, ...args)).out) as { findings: { file: string; rule: string }[] }).findings
    return { folder, git, findings }
  }

  it('a change of the configuration touches everything', async () => {
    const { folder, findings } = repository()
    expect(await findings('--changed-since', 'HEAD')).toEqual([])
    writeFileSync(join(folder, 'rollsync.config.yaml'), 'rules: { pause-is-told: error }\n')
    expect(await findings('--changed-since', 'HEAD')).toEqual(await findings())
  })

  it('an object that was taken out of a file touches what named it', async () => {
    const { folder, findings } = repository()
    writeFileSync(join(folder, 'services.yaml'), '')
    expect((await findings('--changed-since', 'HEAD')).map((one) => one.rule)).toContain('rollout-valid')
  })

  it('names with spaces and changes that were moved are told apart', async () => {
    const { folder, git, findings } = repository()
    git('mv', 'ingress.yaml', 'the ingress.yaml')
    git('commit', '-qm', 'y')
    writeFileSync(join(folder, 'the ingress.yaml'), 'apiVersion: v1\nkind: Service\nmetadata: { name: other }\n')
    expect(await findings('--changed-since', 'HEAD~1')).toEqual(await findings())
    expect(await findings('--changed-since', 'HEAD')).toEqual(await findings())
  })
})

describe('progress', () => {
  it('is told after a second, and taken away', () => {
    const said: string[] = []
    let now = 0
    const { tell, end } = progress({ ...processIo(), progress: 'shown', err: (text) => said.push(text) }, () => now)
    tell(1, 9)
    now = 1500
    tell(2, 9)
    tell(3, 9)
    end()
    expect(said).toEqual(['\r\u001b[K2 of 9 Rollouts', '\r\u001b[K'])
  })
})
