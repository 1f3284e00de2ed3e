import { isMap } from '@rollsync/manifests'

import { fail, NIL_POINTER, panic } from '../../controller-failure.ts'
import type { Rollout, SetHeaderRoute } from '../../rollout.ts'
import type { Json } from '../nested.ts'
import type { RouteKind } from './config.ts'
import { type HeaderMatch, isManaged, managedNames } from './managed-rules.ts'
import { backendsOf, nameOf } from './backends.ts'

/** httproute.go:81 setHTTPHeaderRoute and grpcroute.go: for each rule with both services one more, behind all others, that adds the headers to the rule's own matches. */
export function withHeaderRules(rollout: Rollout, kind: RouteKind, rules: readonly Json[], header: SetHeaderRoute): readonly Json[] {
  const { canaryService = '', stableService = '' } = rollout.spec.strategy.canary ?? {}
  const headers = headerMatches(header)
  const name = header.name ?? ''
  const sources = rules.filter((rule) => [canaryService, stableService].every((service) => backendsOf(rule).some((backend) => nameOf(backend) === service)))
  if (sources.length === 0) return fail(`backendRef was not found in ${kind === 'HTTPRoute' ? 'httpRoute' : 'grpcRoute'}`)
  const added = sources.map((rule, index) => headerRule(rule, kind, index === 0 ? name : `${name}-${index}`, canaryService, headers))
  return [...rules.filter((rule) => !isManaged(rule, [name], canaryService, headers)), ...added]
}

function headerRule(rule: Json, kind: RouteKind, name: string, canaryService: string, headers: readonly HeaderMatch[]): Json {
  const backend = backendsOf(rule).find((other) => nameOf(other) === canaryService)
  const filters = Array.isArray(rule['filters']) ? rule['filters'] : []
  const matches = Array.isArray(rule['matches']) ? rule['matches'].filter(isMap) : []
  const port = backend?.['port']
  return {
    name,
    matches: matches.length === 0 ? [headers.length === 0 ? {} : { headers }] : matches.map((match) => mergedMatch(match, kind, headers)),
    ...(filters.length === 0 ? {} : { filters }),
    backendRefs: [{ group: '', kind: 'Service', name: canaryService, ...(port === undefined ? {} : { port }) }],
  }
}

function mergedMatch(match: Json, kind: RouteKind, headers: readonly HeaderMatch[]): Json {
  const own = Array.isArray(match['headers']) ? match['headers'] : []
  const copied = kind === 'HTTPRoute' ? ['path', 'queryParams', 'method'] : ['method']
  const all = [...own, ...headers]
  return { ...Object.fromEntries(copied.filter((key) => match[key] !== undefined).map((key) => [key, match[key]])), ...(all.length === 0 ? {} : { headers: all }) }
}

/** httproute.go:245 getHTTPHeaderRouteRuleList: a prefix becomes a regular expression without an anchor. */
function headerMatches(header: SetHeaderRoute): readonly HeaderMatch[] {
  return (header.match ?? []).map(({ headerName, headerValue }) => {
    if (headerValue === null) return panic(NIL_POINTER, 'plugin.getHTTPHeaderRouteRuleList')
    const { exact = '', prefix = '', regex = '' } = headerValue
    if (exact !== '') return { type: 'Exact', name: headerName, value: exact }
    if (prefix === '' && regex === '') return fail('invalid header match type')
    return { type: 'RegularExpression', name: headerName, value: prefix === '' ? regex : `${prefix}.*` }
  })
}

/** httproute.go:278 removeHTTPManagedRoutes and grpcroute.go: every managed rule, and a person's own whose only backend is the canary service. */
export function withoutManagedRules(rollout: Rollout, rules: readonly Json[]): readonly Json[] {
  const names = managedNames(rollout)
  return rules.filter((rule) => !isManaged(rule, names, rollout.spec.strategy.canary?.canaryService ?? ''))
}
