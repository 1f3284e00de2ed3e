import { type KubeObject, groupOf, toPointer } from '@rollsync/manifests'
import type { Pair } from '../canary-case.ts'
import { driftOf } from '../drift.ts'
import type { IgnoreRule } from '../ignore-rule.ts'
import { type AlbSettings, routeKeys, routeParts } from '../routes.ts'
import type { FieldPath, ObjectKind } from './object-kind.ts'

export const ingress: ObjectKind = {
  holds: ({ kind }) => kind === 'Ingress',
  derive: (pairs, { alb }) => (alb === undefined ? [] : deriveIngress(pairs, alb)),
  owned: (object, { alb }) => (alb === undefined || !alb.ingresses.includes(object.metadata.name) ? [] : ownedByController(object, alb)),
}

function ownedByController(object: KubeObject, alb: AlbSettings): readonly FieldPath[] {
  const keys = [alb.rootAction, 'rollouts.argoproj.io/managed-alb-annotations', ...alb.managedRoutes.flatMap((route) => Object.values(routeKeys(route, alb.prefix)))]
  const paths = alb.managedRoutes.flatMap((route) => routeParts(object, route, alb.prefix).paths.map((path): FieldPath => ['spec', 'rules', path.rule, 'http', 'paths', path.index]))
  return [...paths, ...keys.map((key): FieldPath => ['metadata', 'annotations', key])]
}

/** The rules for one Ingress: its managed routes by name, in one expression, and each annotation that Git holds and the controller changes. Annotations that only the cluster holds need none. */
function deriveIngress(pairs: readonly Pair[], alb: AlbSettings): readonly IgnoreRule[] {
  const first = pairs[0]
  if (first === undefined) return []
  const routes = alb.managedRoutes.filter((route) => pairs.some((pair) => pathsDiffer(pair, route, alb)))
  const moved = pairs.filter((pair) => routes.some((route) => pathsDiffer(pair, route, alb)))
  const expression: IgnoreRule[] = routes.length === 0 ? [] : [{
    resource: first.resource,
    by: 'jq',
    expression: pathExpression(first.target, routes),
    because: `the controller ${verbs(moved, routes, alb)} ${routes.length === 1 ? 'the path of route' : 'the paths of routes'} ${routes.join(', ')}`,
    moments: moved.flatMap((pair) => pair.moments),
  }]
  return [...expression, ...annotationRules(pairs)]
}

function pathsDiffer(pair: Pair, route: string, alb: AlbSettings): boolean {
  const parts = (object: KubeObject): string => JSON.stringify(routeParts(object, route, alb.prefix).paths.map((path) => [path.rule, path.index, path.value]))
  return parts(pair.target) !== parts(pair.live)
}

function verbs(moved: readonly Pair[], routes: readonly string[], alb: AlbSettings): string {
  const count = (object: KubeObject): number => routes.reduce((sum, route) => sum + routeParts(object, route, alb.prefix).paths.length, 0)
  const adds = moved.some((pair) => count(pair.live) > count(pair.target))
  const removes = moved.some((pair) => count(pair.live) < count(pair.target))
  return adds && removes ? 'adds and removes' : removes ? 'removes, between canaries,' : 'adds'
}

/** By name inside the element, `[]?` everywhere, on one line: it means the same in Git, in the cluster and in last-applied, in any order. */
function pathExpression(ingress: KubeObject, routes: readonly string[]): string {
  const name = groupOf(ingress.apiVersion) === 'extensions' ? '.backend.serviceName' : '.backend.service.name'
  return `.spec.rules[]?.http.paths[]?|select(${routes.map((route) => `${name}==${JSON.stringify(route)}`).join(' or ')})`
}

function annotationRules(pairs: readonly Pair[]): readonly IgnoreRule[] {
  const found = new Map<string, IgnoreRule & { moments: string[] }>()
  for (const pair of pairs) {
    for (const key of Object.keys(pair.target.metadata.annotations ?? {})) {
      const pointer = toPointer(['metadata', 'annotations', key])
      if (!driftOf(pair.target, pair.live).some((step) => step.path === pointer || (step.op === 'remove' && step.path === '/metadata/annotations'))) continue
      const known = found.get(pointer)
      if (known !== undefined) known.moments.push(...pair.moments)
      else found.set(pointer, { resource: pair.resource, by: 'pointer', pointer, because: `Git holds annotation ${key}, and the controller writes or removes it`, moments: [...pair.moments] })
    }
  }
  return [...found.values()]
}
