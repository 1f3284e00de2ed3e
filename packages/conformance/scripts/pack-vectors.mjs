#!/usr/bin/env node
// Usage: node packages/conformance/scripts/pack-vectors.mjs DIR
// Packs a folder of recorded vectors into packages/conformance/vectors/<kind>/<group>.json.br, one brotli file per group.
// The JSON texts go in byte for byte, so that a number keeps its spelling; READMEs and timings stay readable beside the packs.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'

const kinds = ['rollouts', 'argocd', 'gojq', 'lbc']
const readable = name => name.endsWith('.md') || name === 'timings.json'

/** Paths of all files below a folder, `/`-separated, sorted. */
const listFiles = (folder, prefix = '') =>
  readdirSync(join(folder, prefix), { withFileTypes: true })
    .flatMap(entry => (entry.isDirectory() ? listFiles(folder, `${prefix}${entry.name}/`) : [`${prefix}${entry.name}`]))
    .sort()

/** A folder of walks is a group; gojq's two files belong together; every other file is a group of its own. */
const groupOf = (kind, path) => {
  const slash = path.lastIndexOf('/')
  if (slash >= 0) return path.slice(0, slash).replaceAll('/', '-')
  return kind === 'gojq' ? 'pairs' : basename(path, '.json')
}

const compress = text =>
  brotliCompressSync(text, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
    },
  })

const packKind = (from, kind, to) => {
  // A page that is here already stays: it is kept up by hand.
  const kept = new Map(existsSync(to) ? readdirSync(to).filter(readable).map(name => [name, readFileSync(join(to, name))]) : [])
  const groups = new Map()
  for (const path of listFiles(from)) {
    if (readable(basename(path))) {
      if (!kept.has(basename(path))) kept.set(basename(path), readFileSync(join(from, path)))
      continue
    }
    if (!path.endsWith('.json')) continue
    const group = groupOf(kind, path)
    groups.set(group, [...(groups.get(group) ?? []), path])
  }
  rmSync(to, { recursive: true, force: true })
  mkdirSync(to, { recursive: true })
  for (const [name, content] of kept) writeFileSync(join(to, name), content)
  for (const [group, paths] of groups) {
    const members = paths.map(path => {
      const text = readFileSync(join(from, path), 'utf8')
      JSON.parse(text)
      return `${JSON.stringify(path)}: ${text.trim()}`
    })
    const text = Buffer.from(`{ "files": {\n${members.join(',\n')}\n} }\n`)
    const packed = compress(text)
    writeFileSync(join(to, `${group}.json.br`), packed)
    console.log(`${kind}/${group}: ${paths.length} files, ${text.length} bytes, packed ${packed.length}`)
  }
}

const source = process.argv[2]
if (source === undefined || process.argv.length > 3) {
  console.error('usage: pack-vectors.mjs DIR  (a folder with any of rollouts, argocd, gojq, lbc)')
  process.exit(2)
}
const target = fileURLToPath(new URL('../vectors/', import.meta.url))
for (const kind of kinds) {
  const from = join(source, kind)
  if (statSync(from, { throwIfNoEntry: false })?.isDirectory()) packKind(from, kind, join(target, kind))
}
