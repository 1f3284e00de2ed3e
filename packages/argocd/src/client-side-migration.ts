import { type JsonMap, textAt } from './json-map.ts'
import { withManagedFields } from './field-manager.ts'
import { argocdApplier, managerKey, ownersOf } from './managers.ts'
import { union } from './structured/field-set.ts'

/** csaupgrade.UpgradeManagedFields before a server-side apply: what kubectl has applied on the client side becomes argocd-controller's, so that it goes when Git drops it. */
export function migrateClientSide(live: JsonMap): JsonMap {
  const apiVersion = textAt(live, 'apiVersion')
  const kubectl = managerKey('kubectl-client-side-apply', 'Update', apiVersion, '')
  const owners = ownersOf(live)
  const applied = owners.get(kubectl)
  if (!applied) return live
  const result = new Map([...owners].filter(([key]) => key !== kubectl))
  const before = result.get(argocdApplier)
  return withManagedFields(live, result.set(argocdApplier, before ? union(before, applied) : applied), apiVersion)
}
