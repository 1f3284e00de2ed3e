import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const packages = fileURLToPath(new URL('../packages/', import.meta.url))
const readJson = path => JSON.parse(readFileSync(path, 'utf8'))

/** What each room may import: the one direction between them (docs/architecture.md). `*`: any room but conformance. */
const mayImport = {
  manifests: ['yaml'],
  gojq: [],
  rollouts: ['manifests', 'fast-json-patch'],
  lbc: ['manifests'],
  // argocd-cm holds YAML inside its strings, hence yaml.
  argocd: ['manifests', 'gojq', 'fast-json-patch', 'jq-wasm', 'yaml'],
  ignore: ['manifests', 'rollouts', 'argocd', 'lbc'],
  policy: ['manifests', 'rollouts', 'argocd', 'lbc', 'ignore', 'picomatch', 'zod'],
  revert: ['manifests', 'isomorphic-git', 'yaml', 'diff', 'picomatch'],
  gate: ['manifests', 'revert'],
  cli: ['*', 'commander', 'diff', 'picocolors', 'tinyglobby', 'isomorphic-git'],
  conformance: ['*', 'fast-json-patch'],
}
/** May be there or not for whoever installs the room. */
const optional = ['gojq']
/** What tests bring along. */
const testTools = ['vitest', 'fast-check']

const rooms = readdirSync(packages).filter(room => existsSync(join(packages, room, 'package.json')))
const manifestOf = room => readJson(join(packages, room, 'package.json'))
const roomOf = specifier => (specifier.startsWith('@rollsync/') ? specifier.split('/')[1] : specifier.match(/^(?:@[^/]+\/)?[^/]+/)[0])
const isRoom = name => name in mayImport
const allows = (room, name) => mayImport[room].includes(name) || (mayImport[room].includes('*') && isRoom(name) && name !== 'conformance')

const sourceFiles = folder =>
  !existsSync(folder) ? [] : readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile() && /\.m?ts$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))

const isTest = path => /\.(test|test-d|bench)\.ts$/.test(path) || /[/\\](fixtures|cases|replay)[/\\]/.test(path)

/** Every specifier of an import, an export from or an import() of a file. */
const importsOf = path => {
  const text = readFileSync(path, 'utf8')
  const pattern = /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm
  return [...text.matchAll(pattern)].map(match => match[1] ?? match[2] ?? match[3])
}

const shown = path => path.slice(packages.length)
const isOutside = (room, path) => !path.startsWith(join(packages, room, '/'))

const bareImports = path => importsOf(path).filter(specifier => !specifier.startsWith('.') && !specifier.startsWith('node:'))

describe.each(rooms)('%s', room => {
  const manifest = manifestOf(room)
  const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.peerDependencies }).map(roomOf)

  it('is a room of the house', () => expect(Object.keys(mayImport)).toContain(room))

  it('depends only on what stands below it', () => {
    const foreign = room === 'policy' || room === 'gojq' ? testTools : []
    expect(dependencies.filter(name => !allows(room, name) && !foreign.includes(name))).toEqual([])
  })

  it('imports only what its package.json names', () => {
    const named = [...dependencies, ...optional.filter(name => allows(room, name)), roomOf(manifest.name)]
    const inTests = [...named, ...testTools, ...Object.keys(manifest.devDependencies ?? {}).map(roomOf)]
    const strays = sourceFiles(join(packages, room, 'src')).flatMap(path => {
      const allowed = isTest(path) || path.includes('vitest') ? inTests : named
      return bareImports(path).map(roomOf).filter(name => !allowed.includes(name)).map(name => `${shown(path)}: ${name}`)
    })
    expect(strays).toEqual([])
  })

  it('names Node modules by node:', () => {
    const bare = sourceFiles(join(packages, room, 'src')).flatMap(path =>
      bareImports(path).filter(name => builtinModules.includes(name)).map(name => `${shown(path)}: ${name}`))
    expect(bare).toEqual([])
  })

  it('imports its own files with their ending, and never out of its own folder', () => {
    const wrong = sourceFiles(join(packages, room, 'src')).flatMap(path =>
      importsOf(path)
        .filter(specifier => specifier.startsWith('.'))
        .filter(specifier => !/\.(ts|json|mjs|js)$/.test(specifier) || (!isTest(path) && isOutside(room, join(path, '..', specifier))))
        .map(specifier => `${shown(path)}: ${specifier}`),
    )
    expect(wrong).toEqual([])
  })

  it('is built with the rooms it depends on', () => {
    const references = (readJson(join(packages, room, 'tsconfig.json')).references ?? []).map(({ path }) => path.replace('../', ''))
    expect(references.toSorted()).toEqual(expect.arrayContaining(dependencies.filter(name => isRoom(name) && !optional.includes(name))))
    expect(readJson(join(packages, '..', 'tsconfig.build.json')).references).toContainEqual({ path: `packages/${room}` })
  })

  it('says what it is to whoever finds it on the registry', () => {
    const name = room === 'cli' ? 'rollsync' : `@rollsync/${room}`
    expect(manifest).toMatchObject({ name, license: 'Apache-2.0', type: 'module', engines: { node: '>=20.19' } })
    expect(manifest.description).toMatch(/\S/)
    if (manifest.private === true) return
    expect(manifest).toMatchObject({ publishConfig: { access: 'public' }, files: expect.arrayContaining(['README.md']) })
    expect(readFileSync(join(packages, room, 'README.md'), 'utf8')).toContain(`# ${manifest.name}`)
  })
})
