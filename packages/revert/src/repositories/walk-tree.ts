import { nameBytes, nameText, type Oid, readTree } from '../git-objects.ts'
import type { TreeFile } from './repository.ts'

type ReadObject = (oid: Oid) => Promise<Uint8Array>

/** All files below a tree, in Git's order; submodules are left out. */
export async function filesBelow(tree: Oid, readObject: ReadObject, folder = ''): Promise<readonly TreeFile[]> {
  const files: TreeFile[] = []
  for (const entry of readTree(await readObject(tree))) {
    const name = nameText(entry.name)
    if (name === undefined) continue // no path that a user could give
    const path = folder + name
    if (entry.mode === '40000') files.push(...(await filesBelow(entry.oid, readObject, `${path}/`)))
    else if (entry.mode !== '160000') files.push({ path, mode: entry.mode, oid: entry.oid })
  }
  return files
}

/** The file at a path below a tree, or undefined. */
export async function fileBelow(tree: Oid, path: string, readObject: ReadObject): Promise<TreeFile | undefined> {
  let current = tree
  const parts = path.split('/')
  for (const [index, part] of parts.entries()) {
    const entry = readTree(await readObject(current)).find((one) => one.name === nameBytes(part))
    if (entry === undefined) return undefined
    const last = index === parts.length - 1
    if (last) return entry.mode === '40000' || entry.mode === '160000' ? undefined : { path, mode: entry.mode, oid: entry.oid }
    if (entry.mode !== '40000') return undefined
    current = entry.oid
  }
  return undefined
}
