import { isMap, type KubeObject, type ResourceRef } from '@rollsync/manifests'

import { ControllerFailure, fail } from '../../controller-failure.ts'
import type { SetHeaderRoute, WeightDestination } from '../../rollout.ts'
import { withNested } from '../nested.ts'
import type { Router, RouterContext } from '../router.ts'
import { pluginConfig, type RouteRef, routesOf } from './config.ts'
import { withExperiment } from './experiment.ts'
import { withHeaderRules, withoutManagedRules } from './header-rules.ts'
import { isManagedName } from './managed-rules.ts'
import { withProgressLabel } from './progress-label.ts'
import { weightedRules } from './weights.ts'

/**
 * The plugin argoproj-labs/gatewayAPI, v0.15.0 (pkg/plugin/plugin.go): the weights of routes, and rules of their own for header routes. What it sends is modelled; what the CRD's
 * defaults add to it (weight 1, a path of /) is not. Mirror routes: nothing, as upstream.
 */
export const gatewayApi: Router = {
  type: 'GatewayAPI',
  isConfigured: (rollout) => pluginConfig(rollout) !== undefined,
  updateHash: () => {},
  setWeight: (context, desiredWeight, additional) => asPlugin('failed to set weight via plugin', () => setWeight(context, desiredWeight, additional)),
  setHeaderRoute: (context, header) => asPlugin('failed to set header route via plugin', () => setHeaderRoute(context, header)),
  setMirrorRoute: () => {},
  verifyWeight: () => true,
  removeManagedRoutes: (context) => asPlugin('failed to remove managed routes via plugin', () => removeManagedRoutes(context)),
}

// rollout/trafficrouting/plugin/plugin.go: the controller's words before the plugin's
function asPlugin(what: string, run: () => void): void {
  try {
    run()
  } catch (error) {
    if (error instanceof ControllerFailure && error.kind === 'error') fail(`${what}: ${error.message}`)
    throw error
  }
}

function routes({ rollout, client }: RouterContext): readonly RouteRef[] {
  return routesOf(pluginConfig(rollout) ?? {}, rollout, client)
}

// plugin.go SetWeight: an Update of every route on every reconcile, whether it changes anything or not
function setWeight(context: RouterContext, desiredWeight: number, additional: readonly WeightDestination[]): void {
  const { rollout, client } = context
  const all = routes(context)
  if (all.length === 0) {
    return fail("No routes configured. At least one of 'httpRoutes', 'grpcRoutes', 'tcpRoutes', 'tlsRoutes', 'httpRoute', 'grpcRoute', 'tcpRoute' or 'tlsRoute' must be set")
  }
  for (const route of all) {
    const object = read(context, route)
    const weighted = withRules(object, weightedRules(rollout, route.kind, rulesOf(object), desiredWeight))
    const experiment = route.kind === 'HTTPRoute' ? withRules(weighted, withExperiment(rollout, client, rulesOf(weighted), additional)) : weighted
    client.update(withProgressLabel(experiment, desiredWeight, pluginConfig(rollout) ?? {}))
  }
}

// plugin.go SetHeaderRoute: without a match every managed rule goes, not only those of this route
function setHeaderRoute(context: RouterContext, header: SetHeaderRoute): void {
  for (const route of headerRoutes(context)) {
    if (header.match === undefined) {
      removeRules(context, route)
      continue
    }
    const object = read(context, route)
    context.client.update(withRules(object, withHeaderRules(context.rollout, route.kind, rulesOf(object), header)))
  }
}

// plugin.go RemoveManagedRoutes
function removeManagedRoutes(context: RouterContext): void {
  for (const route of headerRoutes(context)) removeRules(context, route)
}

function headerRoutes(context: RouterContext): readonly RouteRef[] {
  return routes(context).filter(({ kind, headers }) => headers && (kind === 'HTTPRoute' || kind === 'GRPCRoute'))
}

function removeRules(context: RouterContext, route: RouteRef): void {
  const object = read(context, route)
  const rules = rulesOf(object)
  const kept = withoutManagedRules(context.rollout, rules)
  if (kept.length === rules.length) return
  const { managedRoutes = [] } = context.rollout.spec.strategy.canary?.trafficRouting ?? {}
  const names = managedRoutes.map(({ name }) => name)
  const isForeign = rules.some((rule) => !kept.includes(rule) && !isManagedName(rule['name'], names))
  if (isForeign) context.client.note({ id: 'foreign-rule-removed', on: `${route.kind} ${route.name}` })
  context.client.update(withRules(object, kept))
}

function read({ client }: RouterContext, { kind, namespace, name }: RouteRef): KubeObject {
  const ref: ResourceRef = { group: 'gateway.networking.k8s.io', kind, namespace, name }
  return client.getLive(ref) ?? fail(`${kind.toLowerCase()}s.gateway.networking.k8s.io "${name}" not found`)
}

function rulesOf(object: KubeObject): readonly Readonly<Record<string, unknown>>[] {
  const { spec } = object
  const rules = isMap(spec) ? spec['rules'] : undefined
  return Array.isArray(rules) ? rules.filter(isMap) : []
}

function withRules(object: KubeObject, rules: readonly unknown[]): KubeObject {
  return withNested(object, ['spec', 'rules'], rules)
}
