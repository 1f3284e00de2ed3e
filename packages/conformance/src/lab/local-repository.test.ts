import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse, valueAt } from '@rollsync/manifests'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sortedOut } from '../cluster/command/seed-folder.ts'
import { copyIntoGit } from './local-repository.ts'

const example = fileURLToPath(new URL('../../../../examples/alb-header-route/', import.meta.url))
let scratch = ''
beforeEach(() => { scratch = realpathSync(mkdtempSync(join(tmpdir(), 'rollsync-copy-'))) })
afterEach(() => rmSync(scratch, { recursive: true, force: true }))

const application = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name: 'service-rollout' }, spec: {} }

function write(files: Readonly<Record<string, string>>): string {
  const folder = join(scratch, 'user')
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  return folder
}

const show = (bare: string, file: string): string => execFileSync('git', ['show', `main:${file}`], { cwd: bare, encoding: 'utf8' })

describe('a folder as a Git repository of its own', () => {
  it('holds the manifests byte for byte, its Application pointed at itself with the rest of it as it was', () => {
    const { bare } = copyIntoGit(example, join(scratch, 'git'))
    for (const file of ['rollout.yaml', 'ingress.yaml', 'services.yaml']) expect(show(bare, file)).toBe(readFileSync(join(example, file), 'utf8'))
    const [before, after] = [readFileSync(join(example, 'apps.yaml'), 'utf8'), show(bare, 'apps.yaml')].map((text) => parse([{ file: 'apps.yaml', text }]).manifests[0]?.value)
    expect(valueAt(after, '/spec/source')).toEqual({ repoURL: `file://${bare}`, targetRevision: 'main', path: '.', directory: { exclude: 'apps.yaml' } })
    for (const kept of ['/spec/ignoreDifferences', '/spec/syncPolicy', '/spec/destination']) expect(valueAt(after, kept)).toEqual(valueAt(before, kept))
  })

  it('leaves out .git and node_modules', () => {
    const folder = write({ 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n', 'node_modules/x/b.yaml': 'x: 1\n', '.git/HEAD': 'ref: refs/heads/other\n' })
    const { bare } = copyIntoGit(folder, join(scratch, 'git'))
    expect(execFileSync('git', ['ls-tree', '-r', '--name-only', 'main'], { cwd: bare, encoding: 'utf8' }).trim()).toBe('a.yaml')
  })

  it('commits an image as one changed line, and a patch of a list without the rest of it', () => {
    const copy = copyIntoGit(example, join(scratch, 'git'))
    const repository = copy.forRollout(application, 'service-rollout', 'default')
    repository.commit({ do: 'commit', image: 'web:2' })
    expect(show(copy.bare, 'rollout.yaml')).toBe(readFileSync(join(example, 'rollout.yaml'), 'utf8').replace(/image: \S+/, 'image: web:2'))
    const rules = (valueAt(copy.manifests.find(({ ref }) => ref.kind === 'Ingress')?.value, '/spec/rules') as readonly object[]).map((rule) => ({ ...rule, host: 'new.example.com' }))
    repository.commit({ do: 'commit', kind: 'Ingress', name: 'service-rollout', patch: { spec: { rules } } })
    expect(show(copy.bare, 'ingress.yaml')).toBe(readFileSync(join(example, 'ingress.yaml'), 'utf8').replace('qa-domain.com', 'new.example.com'))
    expect(readFileSync(join(copy.first, 'rollout.yaml'), 'utf8')).toBe(readFileSync(join(example, 'rollout.yaml'), 'utf8'))
  })

  it('says so where no file holds what a commit names', () => {
    const repository = copyIntoGit(example, join(scratch, 'git')).forRollout(application, 'service-rollout', 'default')
    expect(() => repository.commit({ do: 'commit', kind: 'Service', name: 'nobody', patch: {} })).toThrow('no file of the folder holds Service nobody')
  })

  it('stands where it stood in its checkout when its Applications count from there', () => {
    const app = 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: web }\nspec: { source: { repoURL: x, path: clusters/qa/web } }\n'
    const folder = write({ '.git/HEAD': '', 'clusters/qa/apps.yaml': app, 'clusters/qa/web/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n' })
    const { bare } = copyIntoGit(join(folder, 'clusters/qa'), join(scratch, 'git'))
    expect(show(bare, 'clusters/qa/web/a.yaml')).toContain('ConfigMap')
  })

  it('refuses a folder whose Application deploys what lies elsewhere', () => {
    const folder = write({ 'apps.yaml': 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: web }\nspec: { source: { repoURL: x, path: nowhere } }\n' })
    expect(() => copyIntoGit(folder, join(scratch, 'git'))).toThrow('an Application deploys nowhere')
  })

  it('knows which namespaces are needed and what no Application deploys', () => {
    const copy = copyIntoGit(fileURLToPath(new URL('../../../../examples/anchor-beside-respect/', import.meta.url)), join(scratch, 'git'))
    const { namespaces, loose, applications } = sortedOut(copy)
    expect(namespaces).toEqual(['shop'])
    expect(loose).toEqual([])
    expect(applications.map(({ ref }) => ref.name)).toEqual(['web', 'web-ingress'])
  })
})
