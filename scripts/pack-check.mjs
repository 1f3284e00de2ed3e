#!/usr/bin/env node
// pnpm pack:check [NODE…]: packs every public package as it would be published, lints the tarballs (publint, attw), installs them into
// an empty folder and uses them there, under this Node and each major version named.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeFleet } from '../packages/cli/bench/fleet/write-fleet.mjs'
import { build } from './build.mjs'
import { startChecks } from './checks.mjs'
import { installIfNeeded } from './install.mjs'
import { packInto } from './pack.mjs'
import { root } from './run-command.mjs'

const cli = 'rollsync'

const lintTarball = (check, name, tarball) => {
  check(`${name}: publint`, [process.execPath, 'node_modules/publint/src/cli.js', 'run', tarball, '--strict'])
  const attw = ['node_modules/@arethetypeswrong/cli/dist/index.js', '--profile', 'esm-only', '--format', 'ascii', '--no-emoji']
  check(`${name}: attw`, [process.execPath, ...attw, tarball])
  check(`${name}: holds its README and licence`, ['tar', 'tzf', tarball, 'package/README.md', 'package/LICENSE'])
}

/** The command line on a copy of the example, as a person would use it. */
const useCli = (check, node, label, folder, installed) => {
  const repository = join(folder, `example-${label.replaceAll(' ', '-')}`)
  cpSync(join(root, 'examples/alb-header-route'), repository, { recursive: true })
  const bin = join(installed, 'node_modules', cli, 'dist/bin.js')
  const rollsync = (args, options) => check(`${label}: rollsync ${args.join(' ')}`, [...node, bin, ...args], { cwd: repository, ...options })
  rollsync(['--help'], { contains: 'revert' })
  rollsync(['--version'], { contains: '0.1.0' })
  rollsync(['simulate', '.'], { errors: 'none' })
  rollsync(['check', '.'], { exit: 1, errors: 'none' })
  rollsync(['generate', '--anchor', '--write', '.'])
  rollsync(['check', '.'], { errors: 'none' })
  rollsync(['check', 'no-such-folder'], { exit: 2 })
  const fleet = join(repository, 'fleet')
  writeFleet(fleet, 80, 80) // enough forms for threads
  rollsync(['check', 'fleet', '--fail-on', 'never'], { contains: '80 Rollouts' })
}

installIfNeeded()
build()
const { check, skip, end } = startChecks()
const folder = mkdtempSync(join(tmpdir(), 'rollsync-pack-'))
try {
  const { tarballs, left } = packInto(folder)
  for (const { name, lacks } of left) skip(`${name}: packed`, `its ${lacks} folder is not built here; Go builds it`)
  for (const [name, tarball] of tarballs) lintTarball(check, name, tarball)

  const empty = join(folder, 'empty')
  mkdirSync(empty)
  const packages = [...tarballs.values()].map(tarball => `--package=${tarball}`)
  check('npx from an empty folder', ['npx', '--yes', ...packages, cli, '--help'], { cwd: empty, contains: 'usage' })

  const installed = join(folder, 'installed')
  mkdirSync(installed)
  writeFileSync(join(installed, 'package.json'), '{ "private": true, "type": "module" }\n')
  const imports = [...tarballs.keys()].filter(name => name !== cli).map(name => `await import('${name}')`).join('\n')
  writeFileSync(join(installed, 'import-all.mjs'), `${imports}\n`)
  if (check('npm install of the tarballs', ['npm', 'install', '--no-audit', '--no-fund', ...tarballs.values()], { cwd: installed })) {
    const others = process.argv.slice(2).map(major => [`Node ${major}`, ['npx', '-y', `node@${major}`]])
    for (const [label, node] of [[`Node ${process.versions.node}`, [process.execPath]], ...others]) {
      check(`${label}: every library imports`, [...node, 'import-all.mjs'], { cwd: installed })
      useCli(check, node, label, folder, installed)
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
end()
