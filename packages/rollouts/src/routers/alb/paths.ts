import { NIL_POINTER, panic } from '../../controller-failure.ts'
import type { Ingress, IngressPath, IngressRule, IngressSpec } from '../../ingress.ts'

/** Whether any rule leads to a service. A resource backend met before it is a nil dereference (utils/ingress/ingress.go:181 hasIngressRuleWithService). */
export function hasRuleWithService(ingress: Ingress, service: string): boolean {
  return (ingress.spec.rules ?? []).some((rule) => (rule.http?.paths ?? []).some((path) => serviceOf(path, 'utils/ingress.hasIngressRuleWithService') === service))
}

function serviceOf(path: IngressPath, goFunction: string): string {
  return path.backend.service?.name ?? panic(NIL_POINTER, goFunction)
}

function pathsOf(rule: IngressRule, goFunction: string): readonly IngressPath[] {
  if (rule.http === undefined) return panic(NIL_POINTER, goFunction)
  return rule.http.paths ?? []
}

function mapRules(spec: IngressSpec, change: (rule: IngressRule) => readonly IngressPath[] | undefined): IngressSpec {
  if (spec.rules === undefined) return spec
  const rules = spec.rules.map((rule) => {
    const paths = change(rule)
    return paths === undefined ? rule : { ...rule, http: { paths } }
  })
  return { ...spec, rules }
}

/** utils/ingress/wrapper.go:178 CreateAnnotationBasedPath: `/*` as the first path of every rule, of every host. */
export function withAnnotationPath(spec: IngressSpec, service: string): IngressSpec {
  const goFunction = 'utils/ingress.(*Ingress).CreateAnnotationBasedPath'
  const path: IngressPath = { path: '/*', pathType: 'ImplementationSpecific', backend: { service: { name: service, port: { name: 'use-annotation' } } } }
  return mapRules(spec, (rule) => {
    const paths = pathsOf(rule, goFunction)
    if (paths.length === 0) panic('runtime error: slice bounds out of range [:1] with capacity 0', goFunction)
    return [path, ...paths]
  })
}

/** utils/ingress/wrapper.go:220 RemovePathByServiceName: the first path to that service, in every rule. */
export function withoutPath(spec: IngressSpec, service: string): IngressSpec {
  return mapRules(spec, (rule) => {
    const paths = pathsOf(rule, 'utils/ingress.indexPathByService')
    const index = paths.findIndex((path) => serviceOf(path, 'utils/ingress.indexPathByService') === service)
    return index < 0 ? undefined : paths.filter((_, i) => i !== index)
  })
}

/** utils/ingress/wrapper.go:239 SortHttpPaths: managed routes first, in the order of managedRoutes (of two with one name the later place counts); the rest keeps its order. */
export function withSortedPaths(spec: IngressSpec, managedRoutes: readonly { readonly name: string }[]): IngressSpec {
  const weights = new Map(managedRoutes.map(({ name }, i) => [name, i]))
  const goFunction = 'utils/ingress.(*Ingress).SortHttpPaths.func1'
  return mapRules(spec, (rule) => {
    const paths = pathsOf(rule, 'utils/ingress.(*Ingress).SortHttpPaths')
    if (paths.length < 2) return undefined
    return paths.map((path) => ({ path, weight: weights.get(serviceOf(path, goFunction)) ?? weights.size })).sort((a, b) => a.weight - b.weight).map(({ path }) => path)
  })
}
