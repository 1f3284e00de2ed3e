import { describe, expect, it } from 'vitest'
import type { ListenerAction, ListenerRule, LoadBalancer, RuleCondition } from './load-balancer.ts'
import { route, type RouteAnswer } from './route.ts'

const to = (serviceName: string, weight?: number): { targetGroup: string; namespace: string; serviceName: string; servicePort: number; weight?: number } => ({
  targetGroup: `default/web-${serviceName}:80`, namespace: 'default', serviceName, servicePort: 80, ...(weight === undefined ? {} : { weight }),
})
const forward = (...targetGroups: ReturnType<typeof to>[]): ListenerAction => ({ type: 'forward', forwardConfig: { targetGroups } })
const notFound: ListenerAction = { type: 'fixed-response', fixedResponseConfig: { contentType: 'text/plain', statusCode: '404' } }
const rule = (conditions: readonly RuleCondition[], action: ListenerAction): Omit<ListenerRule, 'priority'> =>
  ({ conditions, actions: [action], from: { ingress: 'default/web', rule: 0, path: 0 } })
const balancer = (...rules: Omit<ListenerRule, 'priority'>[]): LoadBalancer => ({
  answer: 'load-balancer', group: 'default/web', members: ['default/web'], assumes: [],
  listeners: [{ port: 80, protocol: 'HTTP', defaultActions: [notFound], rules: rules.map((one, i) => ({ ...one, priority: i + 1 })) }],
})
const header = (name: string, ...values: string[]): RuleCondition => ({ field: 'http-header', httpHeaderConfig: { httpHeaderName: name, values } })
const host = (...values: string[]): RuleCondition => ({ field: 'host-header', hostHeaderConfig: { values } })
const path = (...values: string[]): RuleCondition => ({ field: 'path-pattern', pathPatternConfig: { values } })
const request = { host: 'example.com', path: '/' }

/** The Service a request reaches alone, or what it reaches instead. */
const reached = (answer: RouteAnswer): string => (answer.reaches === 'target-groups' && answer.targets.length === 1 && answer.targets[0] !== undefined && 'serviceName' in answer.targets[0]
  ? answer.targets[0].serviceName : answer.reaches)
const when = (condition: RuleCondition): LoadBalancer => balancer(rule([condition], forward(to('canary'))), rule([], forward(to('stable'))))

describe('a condition, by the documentation of Application Load Balancers', () => {
  it('compares the value of a header in any case and as a pattern, its name in any case', () => {
    const rules = when(header('Version', 'ABC', 'v?'))
    expect(reached(route(rules, { ...request, headers: { version: 'abc' } }))).toBe('canary')
    expect(reached(route(rules, { ...request, headers: { VERSION: 'V1' } }))).toBe('canary')
    expect(reached(route(rules, { ...request, headers: { version: 'v12' } }))).toBe('stable')
    expect(reached(route(rules, request))).toBe('stable')
  })

  it('takes any occurrence of a header that is sent several times', () => {
    expect(reached(route(when(header('version', '2')), { ...request, headers: { version: ['1', '2'] } }))).toBe('canary')
  })

  it('compares the host in any case and without the port', () => {
    const rules = when(host('*.Example.com'))
    expect(reached(route(rules, { ...request, host: 'QA.example.COM:8080' }))).toBe('canary')
    expect(reached(route(rules, { ...request, host: 'example.com' }))).toBe('stable')
  })

  it('compares the path with its case and without the query', () => {
    const rules = when(path('/Api', '/api/*'))
    expect(reached(route(rules, { ...request, path: '/Api?x=1' }))).toBe('canary')
    expect(reached(route(rules, { ...request, path: '/API' }))).toBe('stable')
    expect(reached(route(rules, { ...request, path: '/api/a/b' }))).toBe('canary')
  })

  it('compares the method exactly', () => {
    const rules = when({ field: 'http-request-method', httpRequestMethodConfig: { values: ['GET', 'HEAD'] } })
    expect([undefined, 'HEAD', 'get', 'POST'].map((method) => reached(route(rules, { ...request, ...(method === undefined ? {} : { method }) }))))
      .toEqual(['canary', 'canary', 'stable', 'stable'])
  })

  it('finds a query pair wherever it stands, and a value without key under any key', () => {
    const pair = when({ field: 'query-string', queryStringConfig: { values: [{ key: 'version', value: '2' }] } })
    expect(reached(route(pair, { ...request, query: { a: 'b', Version: ['1', '2'] } }))).toBe('canary')
    expect(reached(route(pair, { ...request, path: '/?version=2' }))).toBe('canary')
    expect(reached(route(pair, { ...request, query: { other: '2' } }))).toBe('stable')
    const value = when({ field: 'query-string', queryStringConfig: { values: [{ value: 'b\\*' }] } })
    expect(reached(route(value, { ...request, query: { any: 'B*' } }))).toBe('canary')
    expect(reached(route(value, { ...request, query: { any: 'bb' } }))).toBe('stable')
  })

  it('does not guess the source address', () => {
    const rules = when({ field: 'source-ip', sourceIPConfig: { values: ['10.0.0.0/8'] } })
    expect(reached(route(rules, { ...request, sourceIp: '10.1.2.3' }))).toBe('canary')
    expect(reached(route(rules, { ...request, sourceIp: '11.1.2.3' }))).toBe('stable')
    expect(reached(route(rules, request))).toBe('unverified')
  })

  it('does not guess what a regular expression matches, unless another condition fails anyway', () => {
    const regex: RuleCondition = { field: 'path-pattern', pathPatternConfig: { regexValues: ['^/v[0-9]+/'] } }
    expect(reached(route(when(regex), request))).toBe('unverified')
    expect(reached(route(balancer(rule([regex, host('other')], forward(to('canary'))), rule([], forward(to('stable')))), request))).toBe('stable')
  })
})

describe('a rule', () => {
  it('needs all its conditions, also two of one header', () => {
    const rules = balancer(rule([header('version', '2'), header('version', '3'), host('example.com')], forward(to('canary'))), rule([], forward(to('stable'))))
    expect(reached(route(rules, { ...request, headers: { version: '2' } }))).toBe('stable')
    expect(reached(route(rules, { ...request, headers: { version: ['2', '3'] } }))).toBe('canary')
  })

  it('acts when it is the first that matches, and says which Ingress made it', () => {
    const rules = balancer(rule([host('other')], forward(to('a'))), rule([path('/*')], forward(to('b'))), rule([path('/*')], forward(to('c'))))
    const answer = route(rules, request)
    expect(reached(answer)).toBe('b')
    expect(answer).toMatchObject({ decided: { by: 'rule', priority: 2, from: { ingress: 'default/web' } }, listener: { port: 80, protocol: 'HTTP' } })
    expect(answer.because).not.toContain('\n')
  })

  it('leaves a request that no rule takes to the default action', () => {
    expect(route(balancer(rule([host('other')], forward(to('a')))), request)).toMatchObject({ reaches: 'fixed-response', statusCode: '404', decided: { by: 'default action' } })
  })
})

describe('an action', () => {
  it('shares by weight, and weight 0 gets nothing', () => {
    const answer = route(balancer(rule([], forward(to('canary', 1), to('stable', 99), to('old', 0)))), request)
    expect(answer).toMatchObject({ reaches: 'target-groups', targets: [{ share: 0.01 }, { share: 0.99 }, { share: 0 }] })
  })

  it('does not guess what all weights 0 mean', () => {
    expect(reached(route(balancer(rule([], forward(to('canary', 0), to('stable', 0)))), request))).toBe('unverified')
  })

  it('redirects to what is set and keeps what is not', () => {
    const redirect = (config: object): ListenerAction => ({ type: 'redirect', redirectConfig: { statusCode: 'HTTP_301', ...config } })
    const asked = { host: 'example.com', path: '/a?b=c' }
    expect(route(balancer(rule([], redirect({ protocol: 'HTTPS', port: '443' }))), asked)).toMatchObject({ reaches: 'redirect', location: 'https://example.com:443/a?b=c' })
    expect(route(balancer(rule([], redirect({ host: 'www.#{host}', path: '/x/#{path}', query: '' }))), asked)).toMatchObject({ location: 'http://www.example.com:80/x/a' })
  })

  it('names what stands before the target', () => {
    const cognito: ListenerAction = {
      type: 'authenticate-cognito',
      authenticateCognitoConfig: { userPoolARN: 'a', userPoolClientID: 'b', userPoolDomain: 'c', onUnauthenticatedRequest: 'authenticate', scope: 'openid', sessionCookieName: 'x', sessionTimeout: 1 },
    }
    const rules = balancer({ ...rule([], forward(to('a'))), actions: [cognito, forward(to('a'))] })
    expect(route(rules, request)).toMatchObject({ reaches: 'target-groups', authenticates: ['cognito'] })
  })
})

describe('a listener', () => {
  it('is chosen by port and protocol, else HTTPS before HTTP', () => {
    const plain = balancer(rule([], forward(to('plain'))))
    const both: LoadBalancer = { ...plain, listeners: [...plain.listeners, { port: 443, protocol: 'HTTPS', defaultActions: [forward(to('secure'))], rules: [] }] }
    expect(reached(route(both, request))).toBe('secure')
    expect(reached(route(both, { ...request, protocol: 'HTTP' }))).toBe('plain')
    expect(reached(route(both, { ...request, port: 80 }))).toBe('plain')
    expect(reached(route(both, { ...request, port: 8080 }))).toBe('nothing')
  })

  it('that AWS would not take is doubted', () => {
    const answer = route(balancer(rule([header('version', '1', '2', '3'), host('a', 'b'), path('/*')], forward(to('canary')))), request)
    expect(answer.doubts).toEqual(['AWS would refuse rule 1: 6 values in one rule, where AWS takes 5'])
  })
})
