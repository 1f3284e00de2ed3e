#!/usr/bin/env node
// Puts the modules of each published package, as tsc left them in dist/modules, into one file for each way in, and the workers beside them: Node takes longer to find and link hundreds of small files
// than to compile what stands in them. Other packages stay imports. The build runs it.
import { copyFileSync, existsSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { rolldown } from 'rolldown'
import { root } from './run-command.mjs'

/** The ways into a package that its package.json names, by their path in dist without `.js`. */
const waysIn = folder => {
  const { exports, bin = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const paths = [...Object.values(exports).map(one => one.default), ...Object.values(bin)]
  return paths.flatMap(path => /^\.\/dist\/(.*)\.js$/.exec(path ?? '')?.slice(1) ?? [])
}

/** What lies below a folder with such an end, as paths from it. */
const below = (folder, end) => readdirSync(folder, { recursive: true }).filter(path => path.endsWith(end))

const bundle = async name => {
  const folder = join(root, 'packages', name)
  const dist = join(folder, 'dist')
  const modules = join(dist, 'modules')
  if (!existsSync(modules)) return
  for (const path of below(dist, 'js').filter(path => !path.startsWith('modules'))) rmSync(join(dist, path))
  const input = Object.fromEntries(waysIn(folder).map(way => [way, join(modules, `${way}.js`)]))
  const made = await rolldown({ input, platform: 'node', external: /^[^./]/, treeshake: false, logLevel: 'warn' })
  await made.write({ dir: dist, format: 'esm', chunkFileNames: '[name].js' })
  await made.close()
  // A worker is plain JavaScript; it stands beside whoever starts it, here as among the sources.
  for (const path of below(join(folder, 'src'), '.mjs')) copyFileSync(join(folder, 'src', path), join(dist, basename(path)))
}

await Promise.all(readdirSync(join(root, 'packages')).map(bundle))
