import { booleanAnnotation } from './annotations.ts'
import type { IngressPath, IngressRule } from './cluster.ts'
import type { ConditionConfig, PatternConfig } from './condition-config.ts'
import { failure } from './controller-error.ts'
import type { Member } from './group.ts'
import type { RuleCondition } from './load-balancer.ts'
import type { LbcProfile } from './profile.ts'

interface Patterns { readonly values: readonly string[]; readonly regexValues: readonly string[] }

const none: Patterns = { values: [], regexValues: [] }

/**
 * model_build_listener_rules.go:131 buildRuleConditions: the conditions of the annotation as written, then one for the host and one for the path,
 * into which the annotation's own host and path conditions are merged; `/*` where nothing is left.
 */
export function buildConditions(
  member: Member, rule: IngressRule, path: IngressPath, conditions: readonly ConditionConfig[], profile: LbcProfile,
): readonly RuleCondition[] {
  const hostOfRule: Patterns = rule.host === '' ? none : { values: [rule.host], regexValues: [] }
  const pathOfRule = path.path === '' ? none : pathPatterns(member, path, profile)
  const hosts = merged(hostOfRule, conditions.flatMap((one) => (one.field === 'host-header' ? (one.hostHeaderConfig ?? []) : [])))
  const paths = merged(pathOfRule, conditions.flatMap((one) => (one.field === 'path-pattern' ? (one.pathPatternConfig ?? []) : [])))
  requireOneKind('host', hosts)
  requireOneKind('path', paths)
  const result: RuleCondition[] = [
    ...conditions.flatMap(otherCondition),
    ...configsOf(hosts).map((hostHeaderConfig) => ({ field: 'host-header' as const, hostHeaderConfig })),
    ...configsOf(paths).map((pathPatternConfig) => ({ field: 'path-pattern' as const, pathPatternConfig })),
  ]
  return result.length > 0 ? result : [{ field: 'path-pattern', pathPatternConfig: { values: ['/*'] } }]
}

function merged(first: Patterns, more: readonly PatternConfig[]): Patterns {
  return {
    values: [...first.values, ...more.flatMap((one) => one.values ?? [])],
    regexValues: [...first.regexValues, ...more.flatMap((one) => one.regexValues ?? [])],
  }
}

function requireOneKind(what: 'host' | 'path', { values, regexValues }: Patterns): void {
  if (values.length === 0 || regexValues.length === 0) return
  const got = `Values [${values.join(' ')}] and RegexValues [${regexValues.join(' ')}]`
  throw failure(`${what} condition must specify exactly one of Values and RegexValues, got both ${got}`)
}

function configsOf({ values, regexValues }: Patterns): readonly PatternConfig[] {
  return [...(values.length > 0 ? [{ values }] : []), ...(regexValues.length > 0 ? [{ regexValues }] : [])]
}

/** A condition of the annotation that is neither host nor path; an unknown field is dropped without a word. */
function otherCondition(condition: ConditionConfig): readonly RuleCondition[] {
  switch (condition.field) {
    case 'http-header': {
      if (condition.httpHeaderConfig === undefined) return []
      const { httpHeaderName, values = [], regexValues = [] } = condition.httpHeaderConfig
      return [{ field: 'http-header', httpHeaderConfig: { httpHeaderName, ...(regexValues.length > 0 ? { regexValues } : {}), ...(values.length > 0 ? { values } : {}) } }]
    }
    case 'http-request-method': return [{ field: condition.field, httpRequestMethodConfig: { values: condition.httpRequestMethodConfig?.values ?? [] } }]
    case 'query-string': return [{ field: condition.field, queryStringConfig: { values: condition.queryStringConfig?.values ?? [] } }]
    case 'source-ip': return [{ field: condition.field, sourceIPConfig: { values: condition.sourceIPConfig?.values ?? [] } }]
    default: return []
  }
}

/** model_build_listener_rules.go:230 buildPathPatterns. */
function pathPatterns(member: Member, { path, pathType = 'ImplementationSpecific' }: IngressPath, profile: LbcProfile): Patterns {
  const wildcards = /[*?]/.test(path)
  switch (pathType) {
    case 'ImplementationSpecific': {
      const regex = profile.regex === 'known' && (booleanAnnotation(member.annotations, 'use-regex-path-match') ?? false)
      // model_build_listener_rules.go:262: the slash that Kubernetes asks for is cut, whatever the first character is.
      return regex ? { values: [], regexValues: [path.slice(1)] } : { values: [path], regexValues: [] }
    }
    case 'Exact':
      if (wildcards) throw failure(`exact path shouldn't contain wildcards: ${path}`)
      return { values: [path], regexValues: [] }
    case 'Prefix': {
      if (path === '/') return { values: ['/*'], regexValues: [] }
      if (wildcards) throw failure(`prefix path shouldn't contain wildcards: ${path}`)
      const cut = path.endsWith('/') ? path.slice(0, -1) : path
      return { values: [cut, `${cut}/*`], regexValues: [] }
    }
    default: throw failure(`unsupported pathType: ${pathType}`)
  }
}
