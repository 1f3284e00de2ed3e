import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pnpm, root, runQuietly } from './run-command.mjs'

const textOf = path => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined)

/** Whether what is installed is what the lockfile names, in every package. pnpm leaves a copy of the lockfile when it is done. */
const isInstalled = () =>
  textOf('node_modules/.modules.yaml') !== undefined &&
  textOf('node_modules/.pnpm/lock.yaml') === textOf('pnpm-lock.yaml') &&
  readdirSync(join(root, 'packages')).every(name => {
    const { dependencies = {} } = JSON.parse(textOf(`packages/${name}/package.json`) ?? '{}')
    return Object.keys(dependencies).every(dependency => existsSync(join(root, 'packages', name, 'node_modules', dependency)))
  })

/** Installs the locked dependencies, development ones too, unless they are there. */
export const installIfNeeded = () => {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Node ${process.versions.node} is too old: rollsync needs 20.19 or newer`)
    process.exit(2)
  }
  if (isInstalled()) return
  runQuietly('install', 'npx', ['-y', pnpm, 'install', '--frozen-lockfile', '--prod=false'], { stdio: ['ignore', 'pipe', 'pipe'] })
}
