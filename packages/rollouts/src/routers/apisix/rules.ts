import { isMap } from '@rollsync/manifests'

import { fail, NIL_POINTER, panic } from '../../controller-failure.ts'
import type { SetHeaderRoute } from '../../rollout.ts'
import { type Json, nestedList, nestedMap, nestedText, withNested } from '../nested.ts'

interface Pair { readonly stable: string; readonly canary: string }

const assertion = 'Failed type assertion for Apisix http route'

/** apisix.go:96 processSetWeightRoutes */
export function weightedRules(route: Json, names: readonly string[], { stable, canary }: Pair, weight: number): readonly unknown[] {
  return changedRules(route, names, (rule) => {
    const backends = withWeight(withWeight(backendsOf(rule), canary, weight), stable, 100 - weight)
    return { ...rule, backends }
  })
}

/** apisix.go:253 processSetHeaderApisixRoute: all weight on the canary, the stable backend gone, the headers as conditions, and once one priority up. */
export function headerRules(route: Json, names: readonly string[], { stable, canary }: Pair, header: SetHeaderRoute, age: 'new' | 'existing'): readonly unknown[] {
  return changedRules(route, names, (rule) => {
    const backends = withoutBackend(withWeight(backendsOf(rule), canary, 100), stable)
    const raised = age === 'new' ? { ...rule, priority: priorityOf(rule) + 1 } : rule
    nestedMap(raised, 'match')
    return withNested({ ...raised, backends }, ['match', 'exprs'], expressions(header))
  })
}

function changedRules(route: Json, names: readonly string[], change: (rule: Json) => Json): readonly unknown[] {
  let rules = nestedList(route, 'spec', 'http') ?? fail('spec.http was not found in Apisix Route manifest')
  for (const name of names) {
    const index = indexOf(rules, name)
    rules = rules.map((rule, at) => (at === index && isMap(rule) ? change(rule) : rule))
  }
  return rules
}

/** apisix.go:134 GetHttpRoute */
function indexOf(rules: readonly unknown[], name: string): number {
  for (const [index, rule] of rules.entries()) {
    if (!isMap(rule)) return fail(assertion)
    const found = rule['name']
    if (found === undefined) return fail('Apisix http route rule name field not found')
    if (typeof found !== 'string') return fail(`${assertion} rule name`)
    if (found === name) return index
  }
  return fail(`Apisix http route rule ${name} not found`)
}

/** apisix.go:156 GetBackends */
function backendsOf(rule: Json): readonly unknown[] {
  const backends = rule['backends']
  if (backends === undefined) return fail('Apisix http route backends not found')
  return Array.isArray(backends) ? backends : fail(`${assertion} backends`)
}

/** apisix.go:172 setBackendWeight: the first backend of that name; those before it must have names. */
function withWeight(backends: readonly unknown[], name: string, weight: number): readonly unknown[] {
  for (const [index, backend] of backends.entries()) {
    if (!isMap(backend)) return fail(`${assertion} backends`)
    const found = nestedText(backend, 'serviceName') ?? fail('serviceName field was not found in backend')
    if (found === name) return backends.map((other, at) => (at === index ? { ...backend, weight } : other))
  }
  return fail(`apisix route ${name} backend was not found`)
}

/** apisix.go:328 removeBackend */
function withoutBackend(backends: readonly unknown[], name: string): readonly unknown[] {
  return backends.filter((backend) => {
    if (!isMap(backend)) return fail('Failed type assertion for Apisix http route backend')
    return (nestedText(backend, 'serviceName') ?? fail('serviceName field was not found in backend')) !== name
  })
}

function priorityOf(rule: Json): number {
  const priority = rule['priority'] ?? 0
  return Number.isSafeInteger(priority) ? priority as number : fail(`.priority accessor error: ${String(priority)} is of the type ${typeof priority === 'number' ? 'float64' : typeof priority}, expected int64`)
}

/** apisix.go:371 setApisixRuleMatch and :383 apisixExprs; a prefix becomes a regular expression. */
function expressions(header: SetHeaderRoute): readonly unknown[] {
  return (header.match ?? []).flatMap(({ headerName, headerValue }) => {
    if (headerValue === null) return panic(NIL_POINTER, 'rollout/trafficrouting/apisix.setApisixRuleMatch')
    const subject = { scope: 'Header', name: headerName }
    const { exact = '', regex = '', prefix = '' } = headerValue
    return [
      ...(exact === '' ? [] : [{ subject, op: 'Equal', value: exact }]),
      ...(regex === '' ? [] : [{ subject, op: 'RegexMatch', value: regex }]),
      ...(prefix === '' ? [] : [{ subject, op: 'RegexMatch', value: `^${prefix}.*` }]),
    ]
  })
}
