import type { Commit, Publication, Repository } from '../repositories/repository.ts'
import { RevertError } from '../revert-error.ts'
import type { Forge, ForgeAccess } from './forge.ts'
import { blobIdsOf, gitea } from './gitea.ts'
import { github } from './github.ts'
import { gitlab } from './gitlab.ts'

/** The forge behind a URL, by its name or by what is told; an unknown host is an error, not a guess. */
export function forgeFor(access: ForgeAccess, repository: Repository, kind: Forge['kind'] | undefined = forgeKind(access.url)): Forge {
  switch (kind) {
    case 'github':
      return github(access)
    case 'gitlab':
      return gitlab(access)
    case 'gitea':
      return gitea(access, blobIdsOf(repository))
    case undefined:
      throw new RevertError('unsupported-repository', `which forge runs on ${new URL(access.url).host}?`, { hint: 'give it with --forge github|gitlab|gitea' })
    default:
      return kind satisfies never
  }
}

/** What a host's name says of its software. */
export function forgeKind(url: string): Forge['kind'] | undefined {
  const { hostname } = new URL(url)
  if (hostname === 'github.com' || /(^|[.-])github[.-]/.test(hostname)) return 'github'
  if (/(^|[.-])gitlab[.-]/.test(hostname)) return 'gitlab'
  return hostname === 'codeberg.org' || /(^|[.-])(gitea|forgejo)[.-]/.test(hostname) ? 'gitea' : undefined
}

/** The same repository, its commits made by the forge: signed by it, and on the condition that what they change did not change meanwhile. */
export function throughForge(repository: Repository, forge: Forge): Repository {
  const publish = async (commit: Commit): Promise<Publication> => forge.commit(commit, repository.branch).catch(async (cause: unknown) => {
    if (!(cause instanceof RevertError) || (cause.code !== 'server-error' && cause.code !== 'network')) throw cause
    // Gitea's handleChangeRepoFilesError answers 500 to a push that came too late. Where the branch moved, it is looked at again: if the commit did land, the image is there.
    const now = await repository.tip().catch(() => commit.parent)
    if (now === commit.parent) throw cause
    return { outcome: 'lost race', detail: cause.message }
  })
  return { ...repository, publish }
}
