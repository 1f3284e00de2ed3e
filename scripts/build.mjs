#!/usr/bin/env node
// Builds every package: TypeScript, the files beside it that are read at run time, the WebAssembly of gojq where Go is installed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { installIfNeeded } from './install.mjs'
import { root, runQuietly } from './run-command.mjs'

/** Folders below src that only tests read. */
const testOnly = new Set(['fixtures', 'cases', '__snapshots__', 'golden'])

const copyAssets = (from, to) => {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory()) {
      if (!testOnly.has(entry.name)) copyAssets(join(from, entry.name), join(to, entry.name))
    } else if (!/\.m?[jt]s$/.test(entry.name)) {
      mkdirSync(dirname(join(to, entry.name)), { recursive: true })
      copyFileSync(join(from, entry.name), join(to, entry.name))
    }
  }
}

const makeExecutable = folder => {
  const { bin = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  for (const path of Object.values(typeof bin === 'string' ? { bin } : bin)) {
    if (existsSync(join(folder, path))) chmodSync(join(folder, path), 0o755)
  }
}

const isNewer = (file, folders) => {
  const built = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
  const sources = folders.flatMap(folder => readdirSync(folder, { recursive: true }).map(name => statSync(join(folder, name)).mtimeMs))
  return sources.every(changed => changed < built)
}

const buildWasm = () => {
  const folder = join(root, 'packages/gojq')
  const script = join(folder, 'scripts/build-wasm.mjs')
  const isBuilt = () => isNewer(join(folder, 'wasm/gojq.wasm'), [join(folder, 'go'), join(folder, 'scripts')])
  if (!existsSync(script) || isBuilt()) return
  if (spawnSync('go', ['version'], { stdio: 'ignore' }).status !== 0) {
    process.stderr.write('gojq to WebAssembly: left out, Go is not installed\n')
    return
  }
  // An old Go, or one without its downloads: the script says so and ends well, and what is built here does without gojq.
  const said = runQuietly('gojq to WebAssembly', process.execPath, [script])
  if (!isBuilt()) process.stderr.write(said)
}

/** What `check --cache` knows this build by: the hash of all that can bear on an answer. */
const writeBuildId = () => {
  const hash = createHash('sha256')
  for (const name of readdirSync(join(root, 'packages')).sort()) {
    const folder = join(root, 'packages', name, 'dist')
    if (!existsSync(folder)) continue
    for (const file of readdirSync(folder, { recursive: true }).filter(path => path.endsWith('.js')).sort()) hash.update(`${name}/${file}\n`).update(readFileSync(join(folder, file)))
  }
  if (existsSync(join(root, 'packages/cli/dist'))) writeFileSync(join(root, 'packages/cli/dist/build-id.txt'), `${hash.digest('hex')}\n`)
}

/** Builds a project and what it stands on, in place; by default all packages. */
export const build = (project = 'tsconfig.build.json') => {
  buildWasm()
  runQuietly('build', process.execPath, ['node_modules/typescript/bin/tsc', '-b', project])
  runQuietly('bundle', process.execPath, ['scripts/bundle.mjs'])
  for (const name of readdirSync(join(root, 'packages'))) {
    const folder = join(root, 'packages', name)
    if (!existsSync(join(folder, 'package.json'))) continue
    if (existsSync(join(folder, 'src'))) copyAssets(join(folder, 'src'), join(folder, 'dist'))
    makeExecutable(folder)
  }
  writeBuildId()
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  installIfNeeded()
  build()
}
