import type { KubeObject } from '@rollsync/manifests'

import type { Json } from '../nested.ts'

/** labels.go ensureInProgressLabel: on the route while the canary has weight. */
export function withProgressLabel(object: KubeObject, desiredWeight: number, config: Json): KubeObject {
  if (config['disableInProgressLabel'] === true) return object
  const key = nonEmpty(config['inProgressLabelKey']) ?? 'rollouts.argoproj.io/gatewayapi-canary'
  const labels = object.metadata.labels ?? {}
  if (desiredWeight === 0 && !Object.hasOwn(labels, key)) return object
  const others = Object.entries(labels).filter(([other]) => other !== key)
  const kept = desiredWeight === 0 ? others : [...others, [key, nonEmpty(config['inProgressLabelValue']) ?? 'in-progress'] as const]
  return { ...object, metadata: { ...object.metadata, labels: Object.fromEntries(kept) } }
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
