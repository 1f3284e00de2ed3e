import type { Commit, Publication, Repository } from '../repositories/repository.ts'
import { RevertError } from '../revert-error.ts'
import type { Forge, ForgeAccess } from './forge.ts'
import { blobIdsOf, gitea } from './gitea.ts'
import { github } from './github.ts'
import { gitlab } from './gitlab.ts'
import { forgeKind } from './kind.ts'

/** A forge's access whose token may be one that is asked for before each call. */
export interface ForgeDoor extends Omit<ForgeAccess, 'token'> {
  readonly token: string | (() => Promise<string>)
}

/** The forge behind a URL, by its name or by what is told; an unknown host is an error, not a guess. */
export function forgeFor({ token, ...door }: ForgeDoor, repository: Repository, kind: Forge['kind'] | undefined = forgeKind(door.url)): Forge {
  if (kind === undefined) throw new RevertError('unsupported-repository', `which forge runs on ${new URL(door.url).host}?`, { hint: 'give it with --forge github|gitlab|gitea' })
  const forge = async (): Promise<Forge> => forgeOf(kind, { ...door, token: typeof token === 'string' ? token : await token() }, repository)
  return {
    kind,
    find: async (head, base) => (await forge()).find(head, base),
    labels: async (names) => (await forge()).labels(names),
    open: async (proposal) => (await forge()).open(proposal),
    commit: async (commit, branch) => (await forge()).commit(commit, branch),
  }
}

function forgeOf(kind: Forge['kind'], access: ForgeAccess, repository: Repository): Forge {
  switch (kind) {
    case 'github':
      return github(access)
    case 'gitlab':
      return gitlab(access)
    case 'gitea':
      return gitea(access, blobIdsOf(repository))
    default:
      return kind satisfies never
  }
}

/** The same repository, its commits made by the forge: signed by it, and on the condition that what they change did not change meanwhile. */
export function throughForge(repository: Repository, forge: Forge): Repository {
  const publish = async (commit: Commit): Promise<Publication> => forge.commit(commit, repository.branch).then(async (made) => withParent(made, commit, repository)).catch(async (cause: unknown) => {
    if (!(cause instanceof RevertError) || (cause.code !== 'server-error' && cause.code !== 'network')) throw cause
    // Gitea's handleChangeRepoFilesError answers 500 to a push that came too late. Where the branch moved, it is looked at again: if the commit did land, the image is there.
    const now = await repository.tip().catch(() => commit.parent)
    if (now === commit.parent) throw cause
    return { outcome: 'lost race', detail: cause.message }
  })
  return { ...repository, publish }
}

/** GitLab and Gitea hold a commit to its own files: another one may have come in between, and then that is said. That the commit landed stays true where it cannot be seen. */
async function withParent(made: Publication, { parent }: Commit, repository: Repository): Promise<Publication> {
  if (made.outcome !== 'landed' || made.as === undefined) return made
  const { as } = made
  const onto = await repository.tip().then(async () => (await repository.info(as))?.parents[0]).catch(() => undefined)
  return onto === undefined || onto === parent ? made : { ...made, onto }
}
