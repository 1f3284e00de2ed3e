import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pnpm, root, runQuietly } from './run-command.mjs'

/** Packages that are published, every one that is not private; `lacks` names a folder that would be published and is not built. */
const publicPackages = () =>
  readdirSync(join(root, 'packages')).flatMap(folder => {
    const path = join(root, 'packages', folder, 'package.json')
    if (!existsSync(path)) return []
    const { name, version, files = [], private: isPrivate } = JSON.parse(readFileSync(path, 'utf8'))
    const lacks = files.find(file => /^\w+$/.test(file) && file !== 'LICENSE' && !existsSync(join(root, 'packages', folder, file)))
    return isPrivate === true ? [] : [{ name, version, lacks }]
  })

/** Packs every public package into a folder, as it would be published. Returns the tarballs by package name, and what could not be packed. */
export const packInto = target => {
  const all = publicPackages()
  const packed = all.filter(({ lacks }) => lacks === undefined)
  const filters = packed.flatMap(({ name }) => ['--filter', name])
  runQuietly('pack', 'npx', ['-y', pnpm, '-r', ...filters, 'pack', '--pack-destination', target])
  const tarballs = packed.map(({ name, version }) => {
    const tarball = join(target, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)
    if (!existsSync(tarball)) throw new Error(`${name} was not packed into ${tarball}`)
    return [name, tarball]
  })
  return { tarballs: new Map(tarballs), left: all.filter(({ lacks }) => lacks !== undefined) }
}
