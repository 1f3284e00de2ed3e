import { expect, it } from 'vitest'
import type { Outcome } from '../vector.ts'
import { lbc } from './lbc.ts'

const ingress = {
  apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { namespace: 'default', name: 'web', annotations: { 'alb.ingress.kubernetes.io/conditions.web': '[' } },
  spec: { ingressClassName: 'alb', rules: [{ http: { paths: [{ path: '/*', backend: { service: { name: 'web', port: { number: 80 } } } }] } }] },
}
const text = 'failed to parse json annotation, alb.ingress.kubernetes.io/conditions.web: [: unexpected end of JSON input'
const result = { versions: ['v2.8.3', 'v3.5.0', 'v9.9.9'], members: ['default/web'], stage: 'build', error: `ingress: default/web: ${text}` }
const refusal = { versions: result.versions, ingress: 'default/web', error: text }

const outcomes = async (version: string, recorded: object, admission: readonly object[]): Promise<Outcome['outcome'][]> => {
  const json = {
    format: 'lbc-rules/1', group: 'made-up', versions: [version],
    cases: [{
      name: 'a', ingressGroup: 'default/web', ingresses: [ingress], services: [], results: [recorded], admission,
      ingressClasses: [{ apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', metadata: { name: 'alb' }, spec: { controller: 'ingress.k8s.aws/alb' } }],
    }],
  }
  const cases = [...lbc.cases({ path: 'made-up.json', json, sibling: () => undefined })]
  return Promise.all(cases.map(async (one) => (await one.run()).outcome))
}

it('passes a case whose result and verdict are ours', async () => {
  expect(await outcomes('v3.5.0', result, [refusal])).toEqual(['passed'])
})

it('fails on another error, other members, a verdict too many or too few, and on no result', async () => {
  expect(await outcomes('v3.5.0', { ...result, error: 'x' }, [refusal])).toEqual(['failed'])
  expect(await outcomes('v3.5.0', { ...result, members: [] }, [refusal])).toEqual(['failed'])
  expect(await outcomes('v3.5.0', result, [])).toEqual(['failed'])
  expect(await outcomes('v3.5.0', result, [{ ...refusal, error: 'x' }])).toEqual(['failed'])
  expect(await outcomes('v3.5.0', { ...result, versions: ['v2.8.3'] }, [refusal])).toEqual(['failed'])
  expect(await outcomes('v3.5.0', { versions: ['v3.5.0'], members: ['default/web'], stage: 'build', errorOneOf: [result.error, 'x'] }, [refusal])).toEqual(['failed'])
})

it('skips a version that has no profile', async () => {
  expect(await outcomes('v9.9.9', result, [refusal])).toEqual(['skipped'])
})
