/**
 * Where the root of a repository may lie, seen from the folder that file names start at: `below` is the root below that folder (`''` or `manifests`), `above` that
 * folder below the root (`''` or `clusters/prod`). One of the two is empty.
 */
export interface Root {
  readonly above: string
  readonly below: string
}

/** The folder that `spec.source.path` means, as file names start; undefined where it lies outside of what was read. `.` is everything. */
export function localFolder(root: Root, path: string): string | undefined {
  if (root.below !== '') return path === '.' ? root.below : `${root.below}/${path}`
  if (root.above === '') return path
  if (path === root.above || root.above.startsWith(`${path}/`) || path === '.') return '.'
  return path.startsWith(`${root.above}/`) ? path.slice(root.above.length + 1) : undefined
}

/** A file of the repository, as file names start; where it lies outside of what was read, by way of `..`. */
export function localFile(root: Root, path: string): string {
  if (root.below !== '') return `${root.below}/${path}`
  if (root.above === '') return path
  return path.startsWith(`${root.above}/`) ? path.slice(root.above.length + 1) : `${'../'.repeat(root.above.split('/').length)}${path}`
}

/** A file's name from the root of the repository. */
export function rootedName(root: Root | undefined, file: string): string {
  if (root === undefined) return file
  if (root.below !== '' && file.startsWith(`${root.below}/`)) return file.slice(root.below.length + 1)
  return root.above === '' ? file : `${root.above}/${file}`
}
