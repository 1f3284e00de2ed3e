import { isMap } from '@rollsync/manifests'

import type { Rollout } from '../../rollout.ts'
import type { Json } from '../nested.ts'
import { backendsOf, nameOf } from './backends.ts'

/** A header condition as the plugin writes it. */
export interface HeaderMatch { readonly type: 'Exact' | 'RegularExpression'; readonly name: string; readonly value: string }

export function managedNames(rollout: Rollout): readonly string[] {
  return (rollout.spec.strategy.canary?.trafficRouting?.managedRoutes ?? []).map(({ name }) => name)
}

/**
 * plugin.go isManagedRuleName and httproute.go isHTTPManagedRule: a rule named like a managed route, or like one with a number; else any rule whose only backend is the canary
 * service, a person's own too. `headers`: then it must also ask for all of these.
 */
export function isManaged(rule: Json, names: readonly string[], canaryService: string, headers?: readonly HeaderMatch[]): boolean {
  const name = rule['name']
  if (isManagedName(name, names)) return true
  const backends = backendsOf(rule)
  const [only] = backends
  if (backends.length !== 1 || only === undefined || nameOf(only) !== canaryService) return false
  if (headers === undefined) return true
  const matches = Array.isArray(rule['matches']) ? rule['matches'] : []
  return matches.some((match: unknown) => {
    const asked = isMap(match) && Array.isArray(match['headers']) ? match['headers'] : []
    return headers.every((header) => asked.some((other: unknown) => isMap(other) && other['name'] === header.name))
  })
}

export function isManagedName(name: unknown, names: readonly string[]): boolean {
  return typeof name === 'string' && names.some((base) => name === base || (name.startsWith(`${base}-`) && /^[+-]?\d+$/.test(name.slice(base.length + 1))))
}
