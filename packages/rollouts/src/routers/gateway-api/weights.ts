import { fail } from '../../controller-failure.ts'
import type { Rollout } from '../../rollout.ts'
import type { Json } from '../nested.ts'
import { backendsOf, nameOf } from './backends.ts'
import type { RouteKind } from './config.ts'
import { isManaged, managedNames } from './managed-rules.ts'

/** httproute.go:15 setHTTPRouteWeight, grpcroute.go and their like for TCP and TLS: both weights in every rule but the managed ones; 100 whatever maxTrafficWeight says. */
export function weightedRules(rollout: Rollout, kind: RouteKind, rules: readonly Json[], desiredWeight: number): readonly Json[] {
  const { canaryService = '', stableService = '' } = rollout.spec.strategy.canary ?? {}
  const layered = kind === 'HTTPRoute' || kind === 'GRPCRoute'
  const names = managedNames(rollout)
  const counts = (rule: Json): boolean => !layered || !isManaged(rule, names, canaryService)
  const has = (service: string): boolean => rules.some((rule) => counts(rule) && backendsOf(rule).some((backend) => nameOf(backend) === service))
  if (!has(canaryService) || !has(stableService)) {
    return fail(layered ? `backendRef was not found in ${kind === 'HTTPRoute' ? 'httpRoute' : 'grpcRoute'}` : `backendRef list was not found in ${kind === 'TCPRoute' ? 'tcpRoute' : 'tlsRoute'}`)
  }
  return rules.map((rule) => {
    if (!counts(rule) || !Array.isArray(rule['backendRefs'])) return rule
    return { ...rule, backendRefs: backendsOf(rule).map((backend) => withWeight(backend, canaryService, stableService, desiredWeight)) }
  })
}

function withWeight(backend: Json, canaryService: string, stableService: string, desiredWeight: number): Json {
  const name = nameOf(backend)
  return name === canaryService ? { ...backend, weight: desiredWeight } : name === stableService ? { ...backend, weight: 100 - desiredWeight } : backend
}
