import { deflateSync } from 'node:zlib'
import type { Effects } from '../effects.ts'
import type { GitObject } from '../git-objects.ts'

/** Writes objects into a repository's store: each whole under another name first, then renamed, so that no reader and no crash ever sees half of one. */
export async function writeLooseObjects({ fs, random }: Pick<Effects, 'fs' | 'random'>, gitdir: string, objects: readonly GitObject[]): Promise<void> {
  for (const { oid, type, data } of objects) {
    const folder = `${gitdir}/objects/${oid.slice(0, 2)}`
    const path = `${folder}/${oid.slice(2)}`
    if (await fs.promises.stat(path).then(() => true, () => false)) continue
    await fs.promises.mkdir(folder, { recursive: true })
    const temporary = `${folder}/tmp_obj_${Math.trunc(random() * 1e15).toString(36)}`
    const file = await fs.promises.open(temporary, 'wx', 0o444)
    try {
      await file.writeFile(deflateSync(Buffer.concat([Buffer.from(`${type} ${data.length}\0`), data])))
      await file.sync()
    } finally {
      await file.close()
    }
    await fs.promises.rename(temporary, path)
  }
}
