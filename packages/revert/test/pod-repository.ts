import { nodeEffects } from '../src/node-effects.ts'
import type { Effects } from '../src/effects.ts'
import { openRepository } from '../src/open-repository.ts'
import type { Repository } from '../src/repositories/repository.ts'
import type { RevertOptions } from '../src/revert.ts'
import { type Bare, git, makeBare } from './git-server.ts'

export const pod = (image: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - {name: a, image: "${image}"}\n`

/** The real effects, without the waits. */
export const effects: Effects = { ...nodeEffects(), sleep: async (): Promise<void> => undefined }

export const toFirst: RevertOptions = { to: 'r.io/app:1', until: 'commit', author: { name: 'Ann', email: 'a@x' } }

export interface PodRepository {
  readonly bare: Bare
  readonly repository: Repository
  /** The newest commit of main, or the object at a path in it. */
  readonly head: (path?: string) => string
}

/** A repository whose p.yaml names r.io/app:2, on the disk. */
export async function podRepository(): Promise<PodRepository> {
  const bare = makeBare({ 'p.yaml': pod('r.io/app:2'), 'other.txt': '0' })
  const { repository } = await openRepository({ repo: bare.path, land: 'remote' }, effects)
  return { bare, repository, head: (path) => git(bare.path, 'rev-parse', path === undefined ? 'main' : `main:${path}`).trim() }
}
