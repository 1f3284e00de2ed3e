import { isMap, type KubeObject } from '@rollsync/manifests'

import type { Rollout } from '../rollout.ts'

/** metav1.NewControllerRef of the Rollout, in the order Go prints it. */
export function controllerRef(rollout: Rollout): Readonly<Record<string, unknown>> {
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: rollout.metadata.name, uid: rollout.metadata.uid ?? '', controller: true, blockOwnerDeletion: true }
}

/** metav1.IsControlledBy: the UID of the controlling owner is the Rollout's. */
export function isControlledBy(object: KubeObject, rollout: Rollout): boolean {
  const owners = object.metadata['ownerReferences']
  const owner = (Array.isArray(owners) ? owners : []).find((reference: unknown) => isMap(reference) && reference['controller'] === true) as { readonly uid?: string } | undefined
  return owner !== undefined && (owner.uid ?? '') === (rollout.metadata.uid ?? '')
}
