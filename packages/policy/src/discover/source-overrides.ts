import { applyMergePatch, isMap, type SourceDocument } from '@rollsync/manifests'
import { readSource, type Source } from './application.ts'

/** A source with what `.argocd-source.yaml` and `.argocd-source-<application>.yaml` in its folder say (reposerver/repository.go mergeSourceParameters): tools write new image tags there. */
export function overridden(source: Source, documents: readonly SourceDocument[], application: string): Source {
  const folder = source.path === '.' ? '' : `${source.path}/`
  const patches = [`${folder}.argocd-source.yaml`, `${folder}.argocd-source-${application}.yaml`].flatMap((name) => {
    const found = documents.find(({ file, documentIndex }) => file === name && documentIndex === 0)
    return isMap(found?.value) ? [found.value] : []
  })
  if (patches.length === 0) return source
  const raw = patches.reduce<unknown>(applyMergePatch, source.raw)
  // the repository, its folder and its revision are not theirs to change
  return isMap(raw) ? { ...source, ...fieldsOf(readSource(raw, source.pointer)) } : source
}

function fieldsOf({ recurse, include, exclude, helm, kustomize, explicit, plugin }: Source): Partial<Source> {
  return { recurse, include, exclude, helm, kustomize, explicit, plugin }
}
