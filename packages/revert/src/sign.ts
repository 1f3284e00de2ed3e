import type { Effects } from './effects.ts'
import { configValue } from './git-config.ts'
import { findLocal } from './repositories/local.ts'
import { textOf } from './repositories/refs.ts'
import type { Draft } from './repositories/repository.ts'
import { RevertError } from './revert-error.ts'

/** With what a commit is signed: as git's own `gpg.format`, `user.signingKey`, `gpg.program` say. */
export interface SigningKey {
  readonly format: 'openpgp' | 'ssh'
  /** A key id for GPG; the path of a private or public key file for SSH (the agent holds the private one then). */
  readonly key: string
  readonly program?: string
}

/** Signs commits with the user's gpg or ssh-keygen, so that no secret key is ever read here. */
export function signWith(run: NonNullable<Effects['run']>, { format, key, program }: SigningKey): NonNullable<Draft['sign']> {
  return async (payload) => {
    const name = program ?? (format === 'ssh' ? 'ssh-keygen' : 'gpg')
    const args = format === 'ssh' ? ['-Y', 'sign', '-n', 'git', '-f', key] : ['--batch', '--no-tty', '--detach-sign', '--armor', ...(key === '' ? [] : ['--local-user', key])]
    const { code, stdout, stderr } = await run(name, args, { input: Buffer.from(payload) }).catch((cause: unknown) => {
      throw new RevertError('auth', `${name} cannot be run to sign the commit`, { cause, hint: 'install it, or do without a signature' })
    })
    if (code !== 0) throw new RevertError('auth', `${name} did not sign the commit: ${stderr.trim().split('\n').at(-1) ?? ''}`, { hint: 'is the key there, and unlocked?' })
    return Buffer.from(stdout).toString('utf8')
  }
}

/** The signing key that git's config asks for (`commit.gpgSign`), of the repository or of the user; undefined where commits are not signed. */
export async function configuredSigning(effects: Pick<Effects, 'fs' | 'env'>, folder: string): Promise<SigningKey | undefined> {
  const env = effects.env ?? {}
  const paths = await findLocal(effects, await effects.fs.promises.realpath(folder).catch(() => folder))
  const home = env['HOME']
  const files = [...(paths === undefined ? [] : [`${paths.gitdir}/config`]), ...(home === undefined ? [] : [`${home}/.gitconfig`, `${env['XDG_CONFIG_HOME'] ?? `${home}/.config`}/git/config`])]
  const texts = await Promise.all(files.map(async (file) => (await textOf(effects.fs, file)) ?? ''))
  const value = (section: string, key: string, sub?: string): string | undefined => texts.map((text) => configValue(text, section, key, sub)).find((one) => one !== undefined)
  if (!/^(true|yes|on|1)$/i.test(value('commit', 'gpgsign') ?? '')) return undefined
  const format = value('gpg', 'format') === 'ssh' ? 'ssh' : 'openpgp'
  const key = (value('user', 'signingkey') ?? '').replace(/^~(?=\/)/, home ?? '~')
  const program = value('gpg', 'program', format) ?? (format === 'openpgp' ? value('gpg', 'program') : undefined)
  if (format === 'ssh' && (key === '' || key.startsWith('key::') || key.startsWith('ssh-'))) {
    throw new RevertError('auth', 'user.signingKey must be the path of a key file', { hint: 'git config user.signingKey ~/.ssh/id_ed25519.pub' })
  }
  return { format, key, ...(program === undefined ? {} : { program }) }
}
