import { applyEdits, type TextEdit } from '@rollsync/manifests'
import type { Oid, Signature } from './git-objects.ts'
import { type RevertPlan } from './plan.ts'
import type { Commit, Draft, Repository } from './repositories/repository.ts'
import { RevertError } from './revert-error.ts'

/** What a commit needs beside its plan. */
export interface CommitOptions {
  /** The commit that the plan was made on. */
  readonly base: Oid
  readonly message: string
  readonly author: Signature
  readonly committer: Signature
  readonly sign?: NonNullable<Draft['sign']>
}

/** Makes the plan's one commit on its base, without a work tree and without moving any branch; undefined where the plan has nothing to do. */
export async function applyRevert(plan: RevertPlan, repository: Repository, options: CommitOptions): Promise<Commit | undefined> {
  if (plan.edits.length === 0) return undefined
  const paths = [...new Set(plan.edits.map((edit) => edit.file))]
  const files = await Promise.all(paths.map(async (path) => ({ path, bytes: await editedBytes(repository, options.base, path, plan.edits.filter((edit) => edit.file === path)) })))
  const draft: Draft = { parent: options.base, files, message: options.message, author: options.author, committer: options.committer, ...(options.sign === undefined ? {} : { sign: options.sign }) }
  return repository.commit(draft)
}

async function editedBytes(repository: Repository, base: Oid, path: string, edits: readonly TextEdit[]): Promise<Uint8Array> {
  const file = await repository.fileAt(base, path)
  if (file === undefined) throw new RevertError('not-found', `${path} is not in ${base}`)
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await repository.read(file.oid))
  return new TextEncoder().encode(applyEdits(text, edits))
}

/** Moves the branch to the commit if it still stands at the commit's parent; a lost race is an outcome, a refusal throws. */
export async function pushRevert(commit: Commit, repository: Repository): ReturnType<Repository['publish']> {
  return repository.publish(commit)
}

