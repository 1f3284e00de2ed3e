import type { ForwardTarget, ListenerRule, LoadBalancer, RuleCondition } from './load-balancer.ts'

/** A rule that AWS would refuse although the controller asks for it: the listener keeps the rules it had. */
export interface AwsRefusal {
  readonly port: number
  /** Undefined for the listener itself. */
  readonly priority: number | undefined
  readonly because: string
}

const maxValuesOfCondition = 3
const maxValuesOfRule = 5
const maxWildcardsOfRule = 6
const maxRules = 100
const maxTargetGroups = 5

/** What AWS refuses of a load balancer, by the documented limits (rule quota: the default one). The controller checks none of it. */
export function awsRefusals({ listeners }: LoadBalancer): readonly AwsRefusal[] {
  return listeners.flatMap(({ port, rules, defaultActions }) => [
    ...(rules.length > maxRules ? [{ port, priority: undefined, because: `${rules.length} rules, where the quota is ${maxRules} unless AWS raised it` }] : []),
    ...refusedActions({ actions: defaultActions }).map((because) => ({ port, priority: undefined, because })),
    ...rules.flatMap((rule) => [...refusedConditions(rule.conditions), ...refusedActions(rule)].map((because) => ({ port, priority: rule.priority, because }))),
  ])
}

function refusedConditions(conditions: readonly RuleCondition[]): readonly string[] {
  const found: string[] = []
  const values = conditions.map(valuesOf)
  const total = values.flat().length
  if (total > maxValuesOfRule) found.push(`${total} values in one rule, where AWS takes ${maxValuesOfRule}`)
  for (const [i, list] of values.entries()) {
    if (list.length > maxValuesOfCondition) found.push(`${list.length} values in one ${conditions[i]?.field} condition, where AWS takes ${maxValuesOfCondition}`)
    if (list.includes('')) found.push(`an empty value in a ${conditions[i]?.field} condition`)
    if (list.some((value) => value.length > 128)) found.push(`a value of more than 128 characters in a ${conditions[i]?.field} condition`)
  }
  const wildcards = values.flat().join('').replace(/[^*?]/g, '').length
  if (wildcards > maxWildcardsOfRule) found.push(`${wildcards} wildcards in one rule, where AWS takes ${maxWildcardsOfRule}`)
  for (const field of ['host-header', 'path-pattern', 'http-request-method', 'source-ip']) {
    if (conditions.filter((one) => one.field === field).length > 1) found.push(`more than one ${field} condition`)
  }
  for (const condition of conditions) {
    if (condition.field !== 'http-header') continue
    const { httpHeaderName: name } = condition.httpHeaderConfig
    if (name.toLowerCase() === 'host') found.push('a http-header condition for the header Host')
    if (name === '' || name.length > 40 || /[*?]/.test(name)) found.push(`a http-header condition for the header name ${JSON.stringify(name)}`)
  }
  return found
}

function valuesOf(condition: RuleCondition): readonly string[] {
  switch (condition.field) {
    case 'host-header': return patterns(condition.hostHeaderConfig)
    case 'path-pattern': return patterns(condition.pathPatternConfig)
    case 'http-header': return patterns(condition.httpHeaderConfig)
    case 'http-request-method': return condition.httpRequestMethodConfig.values
    case 'query-string': return condition.queryStringConfig.values.map((pair) => pair.value)
    case 'source-ip': return condition.sourceIPConfig.values
    default: return condition satisfies never
  }
}

function patterns(config: { readonly values?: readonly string[]; readonly regexValues?: readonly string[] }): readonly string[] {
  return [...(config.values ?? []), ...(config.regexValues ?? [])]
}

function refusedActions({ actions }: Pick<ListenerRule, 'actions'>): readonly string[] {
  return actions.flatMap((action) => {
    if (action.type !== 'forward') return []
    const { targetGroups, targetGroupStickinessConfig: stickiness } = action.forwardConfig
    const found = targetGroups.flatMap(refusedWeight)
    if (targetGroups.length === 0) found.push('a forward without a target group')
    if (targetGroups.length > maxTargetGroups) found.push(`${targetGroups.length} target groups in one forward, where AWS takes ${maxTargetGroups}`)
    const seconds = stickiness?.durationSeconds
    if (stickiness?.enabled === true && (seconds === undefined || seconds < 1 || seconds > 604800)) found.push('stickiness without a duration of 1 to 604800 seconds')
    return found
  })
}

function refusedWeight({ weight = 0 }: ForwardTarget): string[] {
  return weight < 0 || weight > 999 ? [`a weight of ${weight}, where AWS takes 0 to 999`] : []
}
