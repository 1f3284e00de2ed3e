import type { SourceDocument } from '@rollsync/manifests'
import type { RenderRequest } from './rendering.ts'

/** The files and folders that a renderer reads for a request, as file names start: what a change must not pass by. More than it reads does no harm. */
export function readsOf(request: RenderRequest, documents: readonly SourceDocument[]): readonly string[] {
  const byFile = new Map(documents.map((document) => [document.file, document]))
  const found = new Set<string>()
  const follow = (folder: string): void => {
    if (found.has(folder)) return
    found.add(folder)
    for (const name of ['kustomization.yaml', 'kustomization.yml', 'Kustomization', 'Chart.yaml']) {
      for (const text of textsIn(byFile.get(join(folder, name))?.value)) {
        const path = join(folder, text.replace(/^file:\/\//, '').replace(/^[^=/]*=/, ''))
        if (isFolder(path, documents)) follow(path)
        else found.add(path)
      }
    }
  }
  follow(request.folder)
  if (request.tool === 'helm') for (const file of [...request.valueFiles, ...request.arguments.flatMap((one) => one.split('=').slice(1))]) found.add(file.replace(/[*?[].*$/, ''))
  found.delete('')
  return [...found]
}

function isFolder(path: string, documents: readonly SourceDocument[]): boolean {
  return path !== '' && documents.some(({ file }) => file.startsWith(`${path}/`))
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.length < 300 && !value.includes('\n') ? [value] : []
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

function join(folder: string, path: string): string {
  const parts = folder === '.' ? [] : folder.split('/')
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}
