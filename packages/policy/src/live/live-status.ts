import { isMap, type KubeObject, type ResourceRef, valueAt } from '@rollsync/manifests'

/** What a live Application says of one of its objects in `status.resources`: Synced, OutOfSync or Unknown; undefined where it says nothing. */
export function liveStatusOf(application: KubeObject, { group, kind, namespace, name }: ResourceRef): string | undefined {
  const listed = valueAt(application, '/status/resources')
  const found = (Array.isArray(listed) ? listed : []).filter(isMap).find((one) => (one['group'] ?? '') === group && one['kind'] === kind && (one['namespace'] ?? '') === namespace && one['name'] === name)
  const status = found?.['status']
  return typeof status === 'string' ? status : undefined
}

/** Types of the conditions of a live Application that say that something is wrong with it. Their texts may quote manifests and are left out. */
export function errorConditions(application: KubeObject): readonly string[] {
  const listed = valueAt(application, '/status/conditions')
  const types = (Array.isArray(listed) ? listed : []).filter(isMap).flatMap((one) => (typeof one['type'] === 'string' ? [one['type']] : []))
  return [...new Set(types)].filter((type) => type.endsWith('Error') || type === 'SharedResourceWarning')
}
