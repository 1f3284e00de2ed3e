import type { SourceDocument } from '@rollsync/manifests'
import { joined } from './joined.ts'
import type { RenderRequest } from './rendering.ts'

/** The files and folders that a renderer reads for a request, as file names start: what a change must not pass by. More than it reads does no harm. */
export function readsOf(request: RenderRequest, documents: readonly SourceDocument[]): readonly string[] {
  const { byFile, folders } = filesAmong(documents)
  const found = new Set<string>()
  const follow = (folder: string): void => {
    if (found.has(folder)) return
    found.add(folder)
    for (const name of ['kustomization.yaml', 'kustomization.yml', 'Kustomization', 'Chart.yaml']) {
      for (const text of textsIn(byFile.get(joined(folder, name))?.value)) {
        const path = joined(folder, text.replace(/^file:\/\//, '').replace(/^[^=/]*=/, ''))
        if (folders.has(path)) follow(path)
        else found.add(path)
      }
    }
  }
  follow(request.folder)
  if (request.tool === 'helm') for (const file of [...request.valueFiles, ...request.arguments.flatMap((one) => one.split('=').slice(1))]) found.add(file.replace(/[*?[].*$/, ''))
  found.delete('')
  return [...found]
}

interface Files {
  /** Of several documents of a file the last. */
  readonly byFile: ReadonlyMap<string, SourceDocument>
  readonly folders: ReadonlySet<string>
}

const known = new WeakMap<readonly SourceDocument[], Files>()

/** Asked for each Application that is rendered, and looked through once. */
function filesAmong(documents: readonly SourceDocument[]): Files {
  const before = known.get(documents)
  if (before !== undefined) return before
  const folders = new Set<string>()
  for (const { file } of documents) for (let end = file.lastIndexOf('/'); end > 0 && !folders.has(file.slice(0, end)); end = file.lastIndexOf('/', end - 1)) folders.add(file.slice(0, end))
  const found = { byFile: new Map(documents.map((document) => [document.file, document])), folders }
  known.set(documents, found)
  return found
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.length < 300 && !value.includes('\n') ? [value] : []
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}
