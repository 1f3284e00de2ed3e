import { applyMergePatch, isMap, type SourceDocument } from '@rollsync/manifests'
import { readSource, type Source } from './application.ts'

/** A source with what `.argocd-source.yaml` and `.argocd-source-<application>.yaml` in its folder say (reposerver/repository.go mergeSourceParameters): tools write new image tags there. */
export function overridden(source: Source, documents: readonly SourceDocument[], application: string): Source {
  const folder = source.path === '.' ? '' : `${source.path}/`
  const patches = [`${folder}.argocd-source.yaml`, `${folder}.argocd-source-${application}.yaml`].flatMap((name) => {
    const found = overridesIn(documents).get(name)
    return isMap(found?.value) ? [found.value] : []
  })
  if (patches.length === 0) return source
  const raw = patches.reduce<unknown>(applyMergePatch, source.raw)
  // the repository, its folder and its revision are not theirs to change
  return isMap(raw) ? { ...source, ...fieldsOf(readSource(raw, source.pointer)) } : source
}

const known = new WeakMap<readonly SourceDocument[], ReadonlyMap<string, SourceDocument>>()

/** The files of that name, of which most repositories have none, by their path. They are looked for once, not once for each Application. */
function overridesIn(documents: readonly SourceDocument[]): ReadonlyMap<string, SourceDocument> {
  const before = known.get(documents)
  if (before !== undefined) return before
  // Of several with one path the first counts, so that it is put in last.
  const found = new Map(documents.filter(({ file, documentIndex }) => documentIndex === 0 && file.includes('.argocd-source')).toReversed().map((one) => [one.file, one]))
  known.set(documents, found)
  return found
}

function fieldsOf({ recurse, include, exclude, helm, kustomize, explicit, plugin }: Source): Partial<Source> {
  return { recurse, include, exclude, helm, kustomize, explicit, plugin }
}
