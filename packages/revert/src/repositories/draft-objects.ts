import { type GitObject, makeCommit, makeObject, makeTree, nameBytes, type Oid, readTree, commitText, type TreeEntry } from '../git-objects.ts'
import { RevertError } from '../revert-error.ts'
import type { Commit, Draft } from './repository.ts'

/** The objects of a draft's commit: new blobs, the trees above them with every mode and every other entry kept, the commit. */
export async function draftObjects(draft: Draft, rootTree: Oid, readObject: (oid: Oid) => Promise<Uint8Array>): Promise<Commit> {
  const objects: GitObject[] = []
  const put = (object: GitObject): Oid => {
    objects.push(object)
    return object.oid
  }
  const write = async (tree: Oid, files: readonly (readonly [readonly string[], Uint8Array])[]): Promise<Oid> => {
    const entries = new Map(readTree(await readObject(tree)).map((entry) => [entry.name, entry]))
    for (const name of new Set(files.map(([path]) => path[0] ?? ''))) {
      const inside = files.filter(([path]) => path[0] === name)
      const entry = entries.get(name)
      const [first] = inside
      if (entry === undefined || first === undefined) throw gone(name)
      entries.set(name, first[0].length === 1 ? { ...regular(entry), oid: put(makeObject('blob', first[1])) } : { ...entry, oid: await write(entry.oid, inside.map(([path, bytes]) => [path.slice(1), bytes])) })
    }
    return put(makeTree([...entries.values()]))
  }
  const tree = await write(rootTree, draft.files.map((file) => [file.path.split('/').map(nameBytes), file.bytes]))
  const data = { tree, parents: [draft.parent], author: draft.author, committer: draft.committer, message: draft.message }
  const signature = draft.sign === undefined ? undefined : await draft.sign(commitText(data))
  const commit = put(makeCommit(data, signature))
  return { oid: commit, parent: draft.parent, objects, draft }
}

function regular(entry: TreeEntry): TreeEntry {
  if (entry.mode === '100644' || entry.mode === '100755') return entry
  throw new RevertError('not-editable', `${entry.name} is no regular file`, { hint: 'edit what it points to' })
}

function gone(name: string): RevertError {
  return new RevertError('not-found', `${name} is no longer in the tree`)
}
