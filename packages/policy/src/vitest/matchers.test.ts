import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import type { Law } from '@rollsync/ignore'
import { defineRule, type Rule } from '../rule.ts'
import { type LoadedRepository, loadRepository, matchers } from './index.ts'

const base = fileURLToPath(new URL('../rules/base', import.meta.url))
const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

/** The base repository with some of its files changed. */
function changed(changes: Readonly<Record<string, (text: string) => string>>): LoadedRepository {
  const folder = mkdtempSync(join(tmpdir(), 'rollsync-'))
  folders.push(folder)
  cpSync(base, folder, { recursive: true })
  for (const [file, change] of Object.entries(changes)) {
    const before = readFileSync(join(folder, file), 'utf8')
    const after = change(before)
    if (after === before) throw new Error(`${file} was to change`)
    writeFileSync(join(folder, file), after)
  }
  return loadRepository(folder)
}

/** What a person reads when an expectation does not hold. */
async function failure(expectation: Promise<unknown>): Promise<{ message: string; expected?: string; actual?: string }> {
  return expectation.then(() => { throw new Error('it held') }, (error: { message: string; expected?: string; actual?: string }) => error)
}

const good = loadRepository(base)
// The pods are reached by address, as the Services have no node port.
const byAddress = { 'ingress.yaml': (text: string) => text.replace(/\n.*target-type: ip/, '').replace('annotations:', 'annotations:\n    # by address\n    alb.ingress.kubernetes.io/target-type: ip') }
const headed = { host: 'qa-domain.com', path: '/', headers: { version: '2' } }

describe('a repository that holds its route', () => {
  it('stays Synced, survives a sync, and reaches the canary', async () => {
    await expect(good).toStaySynced()
    await expect(good).toSurviveSync({ argocd: '3.4' })
    await expect(changed(byAddress)).toReachCanary(headed)
  }, 120_000)
})

describe('toStaySynced', () => {
  it('fails with the finding, its line, and the diff from Git to the cluster', async () => {
    const error = await failure(expect(changed({ 'apps.yaml': (text) => text.replace(/\n {2}ignoreDifferences:[\s\S]*/, '\n') })).toStaySynced())
    expect(error.message).toContain('not so: every state of every canary compares Synced')
    expect(error.message).toMatch(/apps\.yaml:\d+:\d+ {2}error {2}.* {2}drift-covered\n +\d+ \| /)
    expect(error.actual).not.toBe(error.expected)
    expect(error.expected).toContain('kind:')
    expect(error.message).toContain('Ingress default/service-rollout at first deploy, pods starting: - what Git holds, + what the cluster holds')
  }, 120_000)

  it('fails where there is nothing to prove', async () => {
    expect((await failure(expect(changed({ 'apps.yaml': () => '' })).toStaySynced())).message).toContain('nothing is proven')
  })

  it('fails where a file cannot be read', async () => {
    expect((await failure(expect(changed({ 'services.yaml': () => 'a: [' })).toStaySynced())).message).toMatch(/^some files cannot be read\n\nservices\.yaml:1:/)
  })
})

it('toSurviveSync fails with what a sync takes away', async () => {
  const bare = (text: string): string => text.replace(/\n {4}alb\.ingress\.kubernetes\.io\/(actions|conditions)\.[^\n]*/g, '').replace(/\n {10}- path: .*\n.*\n.*canary-header-route-new.*/, '')
  const error = await failure(expect(changed({ 'ingress.yaml': bare })).toSurviveSync())
  expect(error.message).toContain('not so: a sync at any state keeps what the Rollouts controller wrote')
  expect(error.message).toContain('no-lost-route')
  expect(error.expected).toContain('canary-header-route-new')
  expect(error.message).toContain(': - what the cluster holds, + what a sync leaves of it')
}, 120_000)

describe('toReachCanary', () => {
  it('fails for a request without the header, and says which rule took it', async () => {
    const error = await failure(expect(changed(byAddress)).toReachCanary({ ...headed, headers: {} }))
    expect(error.message).toMatch(/does not reach the canary at \d+ of \d+ moments/)
    expect(error.message).toContain('service-rollout-root')
    expect(new Set(error.message.split('\n\n')).size).toBe(error.message.split('\n\n').length)
    expect(error.message).toMatch(/and \d+ more moments?: load balancer default\/service-rollout sends it to /)
  }, 120_000)

  it('fails where no header route is ever live', async () => {
    const without = changed({ 'rollout.yaml': (text) => text.replace(/\n {6}steps:[\s\S]*?\n {2}(?=\w)/, '\n      steps: [{ setWeight: 10 }]\n  ') })
    expect((await failure(expect(without).toReachCanary(headed))).message).toContain('no header route is live at any moment')
  }, 120_000)
})

describe('toPassPolicy', () => {
  const named = defineRule({
    meta: { id: 'team/short-names', severity: 'info', recommended: true, summary: 'Names are short', messages: { long: '{name} is long' }, hint: 'shorten it', threads: [] },
    check({ repository, report }) {
      for (const manifest of repository.manifests) if (manifest.ref.name.length > 20) report('long', { manifest, pointer: '/metadata/name' }, { name: manifest.ref.name })
    },
  })

  it('fails with the findings of a rule, of whatever severity, with their lines', async () => {
    const error = await failure(expect(good).toPassPolicy(named))
    expect(error.message).toContain('breaks rule team/short-names')
    expect(error.message).toMatch(/services\.yaml:\d+:\d+ {2}info {2}service-rollout-active is long {2}team\/short-names/)
  }, 120_000)

  it('leaves a doubt to the rules that it concerns', async () => {
    // Without addresses as targets the controller makes no load balancer of this Ingress, so what is reached is not known.
    const doubtful = changed({ 'ingress.yaml': (text) => `# by instance\n${text.replace(/\n.*target-type: ip/, '')}` })
    const asking = (law: Law | undefined): Rule => ({ ...named, check: ({ canaries }) => void canaries.map((canary) => (law === undefined ? undefined : canary.verdict(law))) })
    await expect(doubtful).toPassPolicy(asking(undefined))
    await expect(doubtful).toPassPolicy(asking('covering'))
    expect((await failure(expect(doubtful).toPassPolicy(asking('reachable')))).message).toMatch(/^not proven: .* passes rule team\/short-names\n\nunverified /)
  }, 120_000)

  it('names the rules that are broken where all are asked for', async () => {
    const drifting = changed({ 'apps.yaml': (text) => text.replace(/\n {2}ignoreDifferences:[\s\S]*/, '\n') })
    expect((await failure(expect(drifting).toPassPolicy())).message).toMatch(/^\S+ breaks rule drift-covered in one place\n\n/)
  }, 120_000)

  it('can be asked the other way round', async () => {
    await expect(good).not.toPassPolicy(named)
  }, 120_000)

  it('knows no rule that there is not', async () => {
    await expect(matchers.toPassPolicy(good, 'no-lost-rout')).rejects.toMatchObject({ code: 'UNKNOWN_RULE', hint: 'did you mean no-lost-route?', message: 'there is no rule no-lost-rout: did you mean no-lost-route?' })
  })
})

it('takes nothing but a repository that was loaded', async () => {
  await expect(matchers.toStaySynced('examples' as never)).rejects.toThrow('loadRepository')
})

it('loads what is not ignored, in the order of names', () => {
  expect([...good.sources.keys()]).toEqual(['apps.yaml', 'ingress.yaml', 'rollout.yaml', 'services.yaml'])
  expect([...loadRepository(base, { ignore: ['*s.yaml', './ingress.yaml'] }).sources.keys()]).toEqual(['rollout.yaml'])
})

it('are all shown in the README', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  expect(Object.keys(matchers).filter((name) => !readme.includes(`await expect(repository).${name}(`))).toEqual([])
})
