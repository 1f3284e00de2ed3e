import { isMap, type Manifest } from '@rollsync/manifests'
import { argocdCmOf } from './argocd-cm.ts'

/** What argocd-cm may ask of kustomize here: a file of a pull request must not choose flags that run programs. */
const taken = new Set(['--enable-helm', '--load-restrictor=LoadRestrictionsNone', '--load-restrictor=LoadRestrictionsRootOnly'])

/** `kustomize.buildOptions` of the repository's argocd-cm, as far as it is followed. */
export function kustomizeFlagsOf(manifests: readonly Manifest[]): readonly string[] {
  const found = argocdCmOf(manifests)
  const options = isMap(found?.value['data']) ? found.value['data']['kustomize.buildOptions'] : undefined
  return typeof options === 'string' ? options.replaceAll(/--load-restrictor\s+/g, '--load-restrictor=').split(/\s+/).filter((flag) => taken.has(flag)) : []
}
