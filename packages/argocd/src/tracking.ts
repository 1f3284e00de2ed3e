import { type JsonMap, nested, nestedText, own, put, withKey, without } from './json-map.ts'
import type { ArgocdProfile } from './profile.ts'
import type { Settings } from './settings.ts'

export const trackingAnnotation = 'argocd.argoproj.io/tracking-id'

/** resource_tracking.go Normalize: what live is taken to be while it moves to annotation tracking. Only live changes. */
export function normalizeTracking(target: JsonMap | null, live: JsonMap | null, settings: Settings, profile: ArgocdProfile): JsonMap | null {
  if (settings.tracking === 'label' || !live || !target) return live
  const label = nestedText(live, ['metadata', 'labels', settings.instanceLabelKey])
  if (label === '' || own(live, 'kind') === 'CustomResourceDefinition') return live
  let result = live
  if (profile.trackingBackfill === 'always' || nestedText(live, ['metadata', 'annotations', trackingAnnotation]) === '') {
    result = setAnnotation(result, trackingAnnotation, nestedText(target, ['metadata', 'annotations', trackingAnnotation]))
  }
  return nestedText(target, ['metadata', 'labels', settings.instanceLabelKey]) === '' ? removeLabel(result, settings.instanceLabelKey) : result
}

/** The object with one more annotation. */
export function setAnnotation(object: JsonMap, key: string, value: string): JsonMap {
  const metadata = (own(object, 'metadata') ?? {}) as JsonMap
  const annotations: JsonMap = { ...(own(metadata, 'annotations') as JsonMap | null | undefined) }
  put(annotations, key, value)
  return withKey(object, 'metadata', withKey(metadata, 'annotations', annotations))
}

function removeLabel(object: JsonMap, key: string): JsonMap {
  const labels = nested(object, ['metadata', 'labels']) as JsonMap
  return without(object, Object.keys(labels).length === 1 ? ['metadata', 'labels'] : ['metadata', 'labels', key])
}

/** resource_tracking.go BuildAppInstanceValue: `<application>:<group>/<kind>:<namespace>/<name>`. */
export function trackingId(application: string, ref: { readonly group: string; readonly kind: string; readonly namespace: string; readonly name: string }): string {
  return `${application}:${ref.group}/${ref.kind}:${ref.namespace}/${ref.name}`
}
