import { cidrHolds, readAddress, readCidr } from './cidr.ts'
import type { PatternConfig, QueryPair } from './condition-config.ts'
import type { RuleCondition } from './load-balancer.ts'
import { type Casing, matchesPattern } from './match-pattern.ts'
import type { SeenRequest } from './request.ts'

/** Whether a condition holds, and why. `unknown`: that depends on something that is not known here. */
export interface Match {
  readonly holds: 'yes' | 'no' | 'unknown'
  readonly because: string
}

/**
 * One condition of a rule against a request, as AWS documents it for Application Load Balancers: one value must match. Hosts, header and query values match in
 * any case, paths and methods do not; a header that is sent several times matches with any of its values.
 */
export function matchCondition(condition: RuleCondition, request: SeenRequest): Match {
  switch (condition.field) {
    case 'host-header': return matchPatterns('host', [request.host], condition.hostHeaderConfig, 'any case')
    case 'path-pattern': return matchPatterns('path', [request.path], condition.pathPatternConfig, 'case matters')
    case 'http-header': {
      const name = condition.httpHeaderConfig.httpHeaderName.toLowerCase()
      const sent = request.headers.filter(([header]) => header.toLowerCase() === name).map(([, value]) => value)
      return matchPatterns(`header ${name}`, sent, condition.httpHeaderConfig, 'any case')
    }
    case 'http-request-method': {
      const { values } = condition.httpRequestMethodConfig
      return answer(values.includes(request.method), `method ${request.method}`, values)
    }
    case 'query-string': return matchQuery(condition.queryStringConfig.values, request)
    case 'source-ip': return matchSource(condition.sourceIPConfig.values, request)
    default: return condition satisfies never
  }
}

function answer(holds: boolean, what: string, values: readonly string[]): Match {
  return { holds: holds ? 'yes' : 'no', because: `${what} ${holds ? 'matches' : 'does not match'} ${values.join(' or ')}` }
}

function matchPatterns(what: string, sent: readonly string[], { values = [], regexValues = [] }: PatternConfig, casing: Casing): Match {
  if (sent.length === 0) return { holds: 'no', because: `${what} is not sent` }
  if (sent.some((text) => values.some((pattern) => matchesPattern(text, pattern, casing)))) return answer(true, `${what} ${sent.join(', ')}`, values)
  if (regexValues.length > 0) return { holds: 'unknown', because: `${what} is compared with the regular expression ${regexValues.join(' or ')}, which only AWS evaluates` }
  return answer(false, `${what} ${sent.join(', ')}`, values)
}

function matchQuery(pairs: readonly QueryPair[], request: SeenRequest): Match {
  const holds = pairs.some((pair) => request.query.some(([name, value]) =>
    (pair.key === undefined || matchesPattern(name, pair.key, 'any case', 'backslash escapes')) && matchesPattern(value, pair.value, 'any case', 'backslash escapes')))
  return answer(holds, `query ${request.queryText === '' ? '(none)' : request.queryText}`, pairs.map(({ key, value }) => (key === undefined ? value : `${key}=${value}`)))
}

function matchSource(blocks: readonly string[], request: SeenRequest): Match {
  if (request.sourceIp === undefined) return { holds: 'unknown', because: `the rule asks for a source address in ${blocks.join(' or ')}, and the request names none` }
  const address = readAddress(request.sourceIp)
  if (address === undefined) return { holds: 'unknown', because: `${request.sourceIp} is no IP address` }
  const read = blocks.map(readCidr)
  if (read.some((block) => block !== undefined && cidrHolds(block, address))) return answer(true, `source address ${request.sourceIp}`, blocks)
  if (read.includes(undefined)) return { holds: 'unknown', because: `the rule asks for a source address in ${blocks.join(' or ')}, which AWS would refuse` }
  return answer(false, `source address ${request.sourceIp}`, blocks)
}
