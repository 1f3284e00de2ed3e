import { readCidr } from './cidr.ts'
import type { RuleCondition } from './load-balancer.ts'
import { exampleOf } from './match-pattern.ts'
import type { AlbRequest } from './request.ts'

interface Draft {
  host: string
  path: string
  method?: string
  sourceIp?: string
  readonly headers: Map<string, string[]>
  readonly query: Map<string, string[]>
}

/**
 * Requests that meet all conditions of a rule: the first takes the first value of each condition, the next one the second, until every value was taken.
 * A `*` is an `x`, in a path nothing; a regular expression has no example, so a rule with one has none.
 */
export function exampleRequests(conditions: readonly RuleCondition[]): readonly AlbRequest[] {
  const counts = conditions.map((condition) => valueCount(condition))
  if (counts.includes(0)) return []
  return Array.from({ length: Math.max(1, ...counts) }, (_, round) => exampleRequest(conditions, round))
}

function exampleRequest(conditions: readonly RuleCondition[], round: number): AlbRequest {
  const draft: Draft = { host: 'example.com', path: '/', headers: new Map(), query: new Map() }
  for (const condition of conditions) take(draft, condition, round)
  const { headers, query, ...rest } = draft
  return {
    ...rest,
    ...(headers.size === 0 ? {} : { headers: Object.fromEntries([...headers].map(([name, values]) => [name, only(values)])) }),
    ...(query.size === 0 ? {} : { query: Object.fromEntries([...query].map(([name, values]) => [name, only(values)])) }),
  }
}

function take(draft: Draft, condition: RuleCondition, round: number): void {
  switch (condition.field) {
    case 'host-header': draft.host = exampleOf(pick(condition.hostHeaderConfig.values ?? [], round) ?? '', 'x'); return
    case 'path-pattern': draft.path = exampleOf(pick(condition.pathPatternConfig.values ?? [], round) ?? '', ''); return
    case 'http-header': {
      const { httpHeaderName, values = [] } = condition.httpHeaderConfig
      add(draft.headers, httpHeaderName.toLowerCase(), exampleOf(pick(values, round) ?? '', 'x'))
      return
    }
    case 'http-request-method': {
      const method = pick(condition.httpRequestMethodConfig.values, round)
      if (method !== undefined) draft.method = method
      return
    }
    case 'query-string': {
      const pair = pick(condition.queryStringConfig.values, round)
      if (pair !== undefined) add(draft.query, exampleOf(pair.key ?? 'x', 'x', 'backslash escapes'), exampleOf(pair.value, 'x', 'backslash escapes'))
      return
    }
    case 'source-ip': {
      const address = pick(condition.sourceIPConfig.values, round)?.split('/')[0]
      if (address !== undefined) draft.sourceIp = address
      return
    }
    default: condition satisfies never
  }
}

function valueCount(condition: RuleCondition): number {
  switch (condition.field) {
    case 'host-header': return condition.hostHeaderConfig.values?.length ?? 0
    case 'path-pattern': return condition.pathPatternConfig.values?.length ?? 0
    case 'http-header': return condition.httpHeaderConfig.values?.length ?? 0
    case 'http-request-method': return condition.httpRequestMethodConfig.values.length
    case 'query-string': return condition.queryStringConfig.values.length
    case 'source-ip': return condition.sourceIPConfig.values.every((block) => readCidr(block) !== undefined) ? condition.sourceIPConfig.values.length : 0
    default: return condition satisfies never
  }
}

/** The value of a round; a condition with fewer values repeats its last one. */
function pick<T>(values: readonly T[], round: number): T | undefined {
  return values[Math.min(round, values.length - 1)]
}

function add(values: Map<string, string[]>, name: string, value: string): void {
  const held = values.get(name) ?? []
  if (!held.includes(value)) values.set(name, [...held, value])
}

function only(values: readonly string[]): string | readonly string[] {
  return values.length === 1 ? (values[0] ?? '') : values
}
