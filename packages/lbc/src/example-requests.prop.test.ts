import fc from 'fast-check'
import { expect, it } from 'vitest'
import { exampleRequests } from './example-requests.ts'
import type { RuleCondition } from './load-balancer.ts'
import { matchCondition } from './match-condition.ts'
import { seenRequest } from './request.ts'

const token = fc.string({ unit: fc.constantFrom('a', 'B', '1', '*', '?', '-'), minLength: 1, maxLength: 6 })
const values = fc.array(token, { minLength: 1, maxLength: 3 })
const condition: fc.Arbitrary<RuleCondition> = fc.oneof(
  values.map((list): RuleCondition => ({ field: 'host-header', hostHeaderConfig: { values: list } })),
  values.map((list): RuleCondition => ({ field: 'path-pattern', pathPatternConfig: { values: list.map((one) => `/${one}`) } })),
  fc.tuple(fc.constantFrom('version', 'Other'), values).map(([httpHeaderName, list]): RuleCondition => ({ field: 'http-header', httpHeaderConfig: { httpHeaderName, values: list } })),
  fc.constantFrom('GET', 'POST').map((method): RuleCondition => ({ field: 'http-request-method', httpRequestMethodConfig: { values: [method] } })),
  fc.array(fc.record({ key: token, value: token }, { requiredKeys: ['value'] }), { minLength: 1, maxLength: 2 })
    .map((list): RuleCondition => ({ field: 'query-string', queryStringConfig: { values: list } })),
  fc.constantFrom('10.0.0.0/8', '2001:db8::/32').map((block): RuleCondition => ({ field: 'source-ip', sourceIPConfig: { values: [block] } })),
)

it('makes requests that meet every condition they were made of', () => {
  // AWS takes one host, path, method and source condition in a rule, so more than one of a field is not asked for; headers may repeat.
  fc.assert(fc.property(fc.uniqueArray(condition, { minLength: 1, maxLength: 4, selector: (one) => (one.field === 'http-header' ? one.httpHeaderConfig.httpHeaderName : one.field) }), (conditions) => {
    const requests = exampleRequests(conditions)
    expect(requests.length).toBeGreaterThan(0)
    for (const request of requests) for (const one of conditions) expect(matchCondition(one, seenRequest(request)).holds).toBe('yes')
  }))
})
