import type { RedirectConfig } from './action-config.ts'
import type { ListenerProtocol, ListenerRule, RuleCondition } from './load-balancer.ts'

type Rule = Omit<ListenerRule, 'priority'>

/** rule_optimizer.go:57 Optimize: redirects that would come back to themselves go, then what stands behind a redirect that takes all of it. */
export function optimizeRules(rules: readonly Rule[], port: number, protocol: ListenerProtocol): readonly Rule[] {
  const kept: Rule[] = []
  for (const rule of rules) {
    if (isInfiniteRedirect(rule, port, protocol)) continue
    const shadowed = kept.some((earlier) => redirectOf(earlier) !== undefined && isSuperset(earlier.conditions, rule.conditions))
    if (!shadowed) kept.push(rule)
  }
  return kept
}

function redirectOf(rule: Rule): RedirectConfig | undefined {
  const action = rule.actions.find((one) => one.type === 'redirect')
  return action?.redirectConfig
}

/** rule_optimizer.go:88: every field that is set must lead back to this listener; other conditions of the rule are not looked at. */
function isInfiniteRedirect(rule: Rule, port: number, protocol: ListenerProtocol): boolean {
  const redirect = redirectOf(rule)
  if (redirect === undefined) return false
  if (rule.conditions.some((one) => one.field === 'path-pattern' && (one.pathPatternConfig.regexValues?.length ?? 0) > 0)) return false
  const hosts = rule.conditions.flatMap((one) => (one.field === 'host-header' ? (one.hostHeaderConfig.values ?? []) : []))
  const paths = rule.conditions.flatMap((one) => (one.field === 'path-pattern' ? (one.pathPatternConfig.values ?? []) : []))
  return comesBack(redirect.host, ['#{host}', ...hosts])
    && comesBack(redirect.path, ['/#{path}', ...paths])
    && comesBack(redirect.port, ['#{port}', String(port)])
    && comesBack(redirect.protocol, ['#{protocol}', protocol])
    && comesBack(redirect.query, ['#{query}'])
}

/** A field that is not set leads back too. */
function comesBack(value: string | undefined, same: readonly string[]): boolean {
  return value === undefined || same.includes(value)
}

/** rule_optimizer.go:142 isSupersetConditions: by plain text, wildcards are not expanded; any other condition on the left makes it no superset. */
function isSuperset(left: readonly RuleCondition[], right: readonly RuleCondition[]): boolean {
  if (left.some((one) => one.field !== 'host-header' && one.field !== 'path-pattern')) return false
  const [leftHosts, rightHosts] = [hostsOf(left), hostsOf(right)]
  const [leftPaths, rightPaths] = [pathsOf(left), pathsOf(right)]
  return (leftHosts.length === 0 || (rightHosts.length !== 0 && holdsAll(leftHosts, rightHosts)))
    && (leftPaths.length === 0 || leftPaths.includes('/*') || (rightPaths.length !== 0 && holdsAll(leftPaths, rightPaths)))
}

/** A regex of a host is not looked at, so such a rule counts as one for every host. */
function hostsOf(conditions: readonly RuleCondition[]): readonly string[] {
  return conditions.flatMap((one) => (one.field === 'host-header' ? (one.hostHeaderConfig.values ?? []) : []))
}

function pathsOf(conditions: readonly RuleCondition[]): readonly string[] {
  return conditions.flatMap((one) => {
    if (one.field !== 'path-pattern') return []
    const { values = [], regexValues = [] } = one.pathPatternConfig
    return regexValues.length > 0 ? regexValues : values
  })
}

function holdsAll(left: readonly string[], right: readonly string[]): boolean {
  return right.every((value) => left.includes(value))
}
