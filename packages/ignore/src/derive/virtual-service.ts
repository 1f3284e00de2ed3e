import { isMap, type KubeObject, valueAt } from '@rollsync/manifests'
import type { DeriveContext, FieldPath, ObjectKind } from './object-kind.ts'
import { itemsAt, kindOfPlaces, type OwnedPlace, selectAny } from './places.ts'
import { distinctTexts, listOf, managedRouteNames, routerConfig, sharedServices } from './rollout-names.ts'

/** Istio VirtualService: managed routes by name, and the weights of the Rollout's own destinations in the routes that it names. Destinations that an experiment adds are none of these. */
export const virtualService: ObjectKind = kindOfPlaces(
  ({ group, kind }) => group === 'networking.istio.io' && kind === 'VirtualService',
  (object, context) => {
    const wanted = wantedOf(object, context)
    return wanted === undefined ? [] : [...managedRoutes(context), ...weights(object, context, distinctTexts(listOf(wanted['routes'])))]
  },
)

// istio.go:757: several win over one; a name may carry its namespace behind a dot
function wantedOf(object: KubeObject, { rollout }: DeriveContext): Readonly<Record<string, unknown>> | undefined {
  const istio = routerConfig(rollout, 'istio')
  const all = Array.isArray(istio?.['virtualServices']) ? istio['virtualServices'] : [istio?.['virtualService']]
  return all.filter(isMap).find((one) => one['name'] === object.metadata.name || String(one['name']).startsWith(`${object.metadata.name}.`))
}

function managedRoutes({ rollout }: DeriveContext): readonly OwnedPlace[] {
  const names = managedRouteNames(rollout)
  if (names.length === 0) return []
  return [{
    what: `the ${names.length === 1 ? 'route' : 'routes'} ${names.join(', ')}`,
    expression: `.spec.http[]?|${selectAny('.name', names)}`,
    at: (one) => itemsAt(one, ['spec', 'http']).filter(({ item }) => names.includes(String(item['name']))).map(({ path }) => path),
  }]
}

function weights(object: KubeObject, context: DeriveContext, routes: readonly string[]): readonly OwnedPlace[] {
  const managed = managedRouteNames(context.rollout)
  const own = itemsAt(object, ['spec', 'http']).map(({ item }) => item['name']).filter((name) => !managed.includes(String(name)))
  const names = routes.length > 0 ? routes : distinctTexts(own)
  // istio.go:955: without a wish it is the only route, or the one without a name
  const unnamed = routes.length === 0 && own.some((name) => name === undefined)
  const select = unnamed ? 'select(.name==null)|' : names.length > 0 ? `${selectAny('.name', names)}|` : ''
  const isOurs = (item: Readonly<Record<string, unknown>>): boolean => (unnamed ? item['name'] === undefined : names.includes(String(item['name'])))
  return (['http', 'tls', 'tcp'] as const).flatMap((protocol): readonly OwnedPlace[] => {
    const at = (one: KubeObject): readonly FieldPath[] =>
      itemsAt(one, ['spec', protocol]).filter(({ item }) => protocol !== 'http' || isOurs(item)).flatMap(({ path }) => destinations(one, path, context))
    const chosen = selection(at(object).map((path) => valueOf(object, path)), context)
    if (chosen === undefined) return []
    return [{
      what: `the weights of its ${protocol} routes`,
      expression: `.spec.${protocol}[]?|${protocol === 'http' ? select : ''}.route[]?|${chosen}|.weight`,
      at: (one) => at(one).map((path) => [...path, 'weight']),
    }]
  })
}

function valueOf(object: KubeObject, path: FieldPath): unknown {
  return valueAt(object, `/${path.join('/')}/destination`)
}

function destinations(object: KubeObject, route: FieldPath, { rollout }: DeriveContext): readonly FieldPath[] {
  const services = sharedServices(rollout)
  const subsets = subsetNames(rollout)
  return itemsAt(object, [...route, 'route']).filter(({ item }) => {
    const target = isMap(item['destination']) ? item['destination'] : {}
    return services.includes(String(target['host']).split('.')[0] ?? '') || subsets.includes(String(target['subset']))
  }).map(({ path }) => path)
}

function subsetNames(rollout: KubeObject): readonly string[] {
  const rule = routerConfig(rollout, 'istio')?.['destinationRule']
  return isMap(rule) ? distinctTexts([rule['canarySubsetName'], rule['stableSubsetName']]) : []
}

/** The Rollout's destinations as Git writes them: by subset where it has subsets, else by host. */
function selection(found: readonly unknown[], { rollout }: DeriveContext): string | undefined {
  const subsets = distinctTexts(found.map((one) => (isMap(one) ? one['subset'] : undefined))).filter((name) => subsetNames(rollout).includes(name))
  if (subsets.length > 0) return selectAny('.destination.subset', subsets)
  const hosts = distinctTexts(found.map((one) => (isMap(one) ? one['host'] : undefined)))
  return hosts.length > 0 ? selectAny('.destination.host', hosts) : undefined
}
