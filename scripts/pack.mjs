import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pnpm, root, runQuietly } from './run-command.mjs'

/** Packages that are published: every one that is not private. */
export const publicPackages = () =>
  readdirSync(join(root, 'packages')).flatMap(folder => {
    const path = join(root, 'packages', folder, 'package.json')
    if (!existsSync(path)) return []
    const manifest = JSON.parse(readFileSync(path, 'utf8'))
    return manifest.private === true ? [] : [{ name: manifest.name, version: manifest.version }]
  })

/** Packs every public package into a folder, as it would be published. Returns the tarballs by package name. */
export const packInto = target => {
  const filters = publicPackages().flatMap(({ name }) => ['--filter', name])
  runQuietly('pack', 'npx', ['-y', pnpm, '-r', ...filters, 'pack', '--pack-destination', target])
  return new Map(
    publicPackages().map(({ name, version }) => {
      const tarball = join(target, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)
      if (!existsSync(tarball)) throw new Error(`${name} was not packed into ${tarball}`)
      return [name, tarball]
    }),
  )
}
