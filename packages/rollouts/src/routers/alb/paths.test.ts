import { describe, expect, it } from 'vitest'
import type { Ingress, IngressPath, IngressSpec } from '../../ingress.ts'
import { hasRuleWithService, withAnnotationPath, withoutPath, withSortedPaths } from './paths.ts'

const to = (name: string): IngressPath => ({ path: '/', pathType: 'Prefix', backend: { service: { name, port: { number: 80 } } } })
const resource: IngressPath = { pathType: 'Prefix', backend: { resource: { kind: 'Bucket', name: 'b' } } }
const spec = (...rules: readonly (readonly IngressPath[])[]): IngressSpec => ({ rules: rules.map((paths) => ({ http: { paths } })) })
const names = (of: IngressSpec): unknown => of.rules?.map((rule) => rule.http?.paths?.map((path) => path.backend.service?.name))
const ingressOf = (of: IngressSpec): Ingress => ({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'web' }, spec: of })

describe('paths of an Ingress', () => {
  it('get the header path first in every rule, whatever its host', () => {
    const next = withAnnotationPath(spec([to('a')], [to('b'), to('c')]), 'hr')
    expect(names(next)).toEqual([['hr', 'a'], ['hr', 'b', 'c']])
    expect(next.rules?.[1]?.http?.paths?.[0]).toEqual({ path: '/*', pathType: 'ImplementationSpecific', backend: { service: { name: 'hr', port: { name: 'use-annotation' } } } })
  })

  it('lose only the first path of that name in each rule', () => {
    expect(names(withoutPath(spec([to('hr'), to('a'), to('hr')], [to('b')]), 'hr'))).toEqual([['a', 'hr'], ['b']])
  })

  it('are sorted by managedRoutes; of a repeated name the later place counts, which may be that of the paths that are not listed', () => {
    expect(names(withSortedPaths(spec([to('x'), to('b'), to('a'), to('w')]), [{ name: 'a' }, { name: 'b' }, { name: 'a' }]))).toEqual([['b', 'x', 'a', 'w']])
  })

  it('panic where Go dereferences nil', () => {
    const noHttp: IngressSpec = { rules: [{ host: 'a' }] }
    expect(() => withAnnotationPath(noHttp, 'hr')).toThrow('nil pointer')
    expect(() => withoutPath(noHttp, 'hr')).toThrow('nil pointer')
    expect(() => withAnnotationPath(spec([]), 'hr')).toThrow('slice bounds out of range')
    expect(() => withSortedPaths(spec([resource, to('a')]), [])).toThrow('nil pointer')
    expect(withSortedPaths(spec([resource]), [])).toEqual(spec([resource]))
    expect(() => hasRuleWithService(ingressOf(spec([resource, to('a')])), 'a')).toThrow('nil pointer')
    expect(hasRuleWithService(ingressOf(spec([to('a'), resource])), 'a')).toBe(true)
    expect(hasRuleWithService(ingressOf(noHttp), 'a')).toBe(false)
  })
})
