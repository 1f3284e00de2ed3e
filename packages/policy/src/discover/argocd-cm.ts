import type { Manifest } from '@rollsync/manifests'

/** The ConfigMap argocd-cm, where it is among these objects. */
export function argocdCmOf(manifests: readonly Manifest[]): Manifest | undefined {
  return manifests.find(({ ref }) => ref.kind === 'ConfigMap' && ref.group === '' && ref.name === 'argocd-cm')
}
