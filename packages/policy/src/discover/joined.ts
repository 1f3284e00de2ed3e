/** A path that counts from a folder of the repository, from its root. */
export function joined(folder: string, path: string): string {
  const parts = folder === '.' ? [] : folder.split('/')
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}
