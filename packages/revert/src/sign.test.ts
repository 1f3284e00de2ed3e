import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type Bare, git, makeBare } from '../test/git-server.ts'
import { nodeEffects } from './node-effects.ts'
import { openRepository } from './open-repository.ts'
import { revert } from './revert.ts'
import type { RevertError } from './revert-error.ts'
import { configuredSigning, type SigningKey, signWith } from './sign.ts'

const effects = nodeEffects()
const cleanups: (() => unknown)[] = []
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean()
})

async function signed(key: (bare: Bare) => SigningKey): Promise<Bare> {
  const bare = makeBare({ 'p.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers: [{name: a, image: r.io/app:2}]\n' })
  cleanups.push(bare.remove)
  const { repository } = await openRepository({ repo: bare.path, land: 'remote' }, effects)
  await revert({ to: 'r.io/app:1', until: 'commit', author: { name: 'Änn', email: 'ann@example.com' }, sign: signWith(effects.run!, key(bare)) }, repository, effects)
  return bare
}

describe('a signed revert', () => {
  it('is a good SSH signature to git', async () => {
    const bare = await signed(({ root }) => {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(root, 'key')])
      return { format: 'ssh', key: join(root, 'key') }
    })
    writeFileSync(join(bare.root, 'allowed'), `ann@example.com ${readFileSync(join(bare.root, 'key.pub'), 'utf8')}`)
    const verified = execFileSync('git', ['-c', `gpg.ssh.allowedSignersFile=${join(bare.root, 'allowed')}`, 'log', '-1', '--format=%G? %GS', 'main'], { cwd: bare.path, encoding: 'utf8' })
    expect(verified.trim()).toBe('G ann@example.com')
    expect(git(bare.path, 'fsck', '--strict')).toBe('')
  })

  it('is a good GPG signature to git', async () => {
    const home = (root: string): string => join(root, 'gnupg')
    const bare = await signed(({ root }) => {
      mkdirSync(home(root))
      chmodSync(home(root), 0o700)
      execFileSync('gpg', ['--homedir', home(root), '--batch', '--passphrase', '', '--quick-gen-key', 'Ann <ann@example.com>', 'ed25519', 'sign'], { stdio: 'ignore' })
      writeFileSync(join(root, 'gpg'), `#!/bin/sh\nexec gpg --homedir ${home(root)} "$@"\n`, { mode: 0o755 })
      return { format: 'openpgp', key: 'ann@example.com', program: join(root, 'gpg') }
    })
    const verified = execFileSync('git', ['-c', `gpg.program=${join(bare.root, 'gpg')}`, 'log', '-1', '--format=%G? %GS', 'main'], { cwd: bare.path, encoding: 'utf8' })
    expect(verified.trim()).toMatch(/^[GU] Ann <ann@example.com>$/)
    execFileSync('gpgconf', ['--homedir', home(bare.root), '--kill', 'all'], { stdio: 'ignore' })
  })

  it('is not made where the program fails', async () => {
    const error = (await signed(() => ({ format: 'ssh', key: '/nowhere' })).catch((reason: unknown) => reason)) as RevertError
    expect(error.code).toBe('auth')
  })
})

describe('configuredSigning', () => {
  it('reads what git would do', async () => {
    const bare = makeBare({ x: 'x' })
    cleanups.push(bare.remove)
    const read = async (config: string): Promise<unknown> => {
      writeFileSync(join(bare.root, '.gitconfig'), config)
      return configuredSigning({ fs: effects.fs, env: { HOME: bare.root } }, bare.clone).catch((error: unknown) => (error as RevertError).code)
    }
    expect(await read('[user]\n\tsigningKey = ABC\n')).toBeUndefined()
    expect(await read('[commit]\n\tgpgSign = true\n[user]\n\tsigningKey = ABC\n')).toEqual({ format: 'openpgp', key: 'ABC' })
    expect(await read('[commit]\n\tgpgsign = true\n[gpg]\n\tformat = ssh\n[user]\n\tsigningKey = ~/.ssh/id.pub\n[gpg "ssh"]\n\tprogram = /opt/sign\n')).toEqual({ format: 'ssh', key: `${bare.root}/.ssh/id.pub`, program: '/opt/sign' })
    expect(await read('[commit]\n\tgpgsign = true\n[gpg]\n\tformat = ssh\n')).toBe('auth')
  })
})
