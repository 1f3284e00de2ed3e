import type { GitObject, Oid, Person, Signature } from '../git-objects.ts'

/** A file in the tree of a commit. */
export interface TreeFile {
  readonly path: string
  readonly mode: string
  readonly oid: Oid
}

export interface CommitInfo {
  readonly oid: Oid
  readonly tree: Oid
  readonly parents: readonly Oid[]
  readonly author: Signature
  readonly message: string
}

/** A commit that changes the content of existing files and nothing else. */
export interface Draft {
  readonly parent: Oid
  readonly files: readonly { readonly path: string; readonly bytes: Uint8Array }[]
  readonly message: string
  readonly author: Signature
  readonly committer: Signature
  /** Signs the text of the commit: an armoured GPG or SSH signature. */
  readonly sign?: (payload: string) => Promise<string>
}

/** A commit that exists, with the objects that it brings; not yet on any branch. `draft` is what it was made from. */
export interface Commit {
  readonly oid: Oid
  readonly parent: Oid
  readonly objects: readonly GitObject[]
  readonly draft: Draft
}

/** What became of a push: it is on the branch (`as`: under another id, where a forge made the commit anew; `onto`: upon another parent than it was made for), or another writer was first. Everything else throws a RevertError. */
export type Publication = { readonly outcome: 'landed'; readonly as?: Oid; readonly onto?: Oid } | { readonly outcome: 'lost race'; readonly detail: string }

/** One branch of one Git repository, near or far. No method touches a work tree. */
export interface Repository {
  /** For messages; holds no secret. */
  readonly name: string
  readonly branch: string
  /** The branch's newest commit, asked anew each time. */
  readonly tip: () => Promise<Oid>
  /** All files of a commit, folders and submodules excluded, symlinks included with their mode. */
  readonly files: (commit: Oid) => Promise<readonly TreeFile[]>
  readonly read: (oid: Oid) => Promise<Uint8Array>
  /** Many blobs at once, for back-ends where each question costs; in the order asked. */
  readonly readMany?: (oids: readonly Oid[]) => Promise<readonly Uint8Array[]>
  /** The file at a path in a commit, or undefined. */
  readonly fileAt: (commit: Oid, path: string) => Promise<TreeFile | undefined>
  /** A commit's own data, fetched if need be, or undefined where the history ends or is not to be had. */
  readonly info: (commit: Oid) => Promise<CommitInfo | undefined>
  readonly commit: (draft: Draft) => Promise<Commit>
  /** Moves the branch from the commit's parent to the commit, if it still stands there. */
  readonly publish: (commit: Commit) => Promise<Publication>
  /** Makes a new branch that points to the commit; `exists` where there is one of that name. */
  readonly branchOff?: (commit: Commit, branch: string) => Promise<'created' | 'exists'>
  /** Removes what was put on the disk for the time of the work. */
  readonly close?: () => Promise<void>
}

/** Who is named in a commit where nothing is configured. */
export const defaultPerson: Person = { name: 'rollsync', email: 'rollsync@localhost' }
