import { isMap } from '@rollsync/manifests'

import type { Json } from '../nested.ts'

export function backendsOf(rule: Json): readonly Json[] {
  return Array.isArray(rule['backendRefs']) ? rule['backendRefs'].filter(isMap) : []
}

export function nameOf(backend: Json): string {
  return typeof backend['name'] === 'string' ? backend['name'] : ''
}
