import type { KubeObject, ResourceRef } from '@rollsync/manifests'

import { fail } from '../../controller-failure.ts'
import type { Rollout, SetHeaderRoute } from '../../rollout.ts'
import { withNested } from '../nested.ts'
import { controllerRef, isControlledBy } from '../owner.ts'
import type { Router, RouterContext } from '../router.ts'
import { headerRules, weightedRules } from './rules.ts'

interface ApisixConfig { readonly route?: { readonly name: string; readonly rules?: readonly string[] } }

/** rollout/trafficrouting/apisix/apisix.go: the weights of an ApisixRoute, and one ApisixRoute more for each header route. Mirror routes: nothing, as upstream. */
export const apisix: Router = {
  type: 'Apisix',
  isConfigured: (rollout) => configOf(rollout) !== undefined,
  updateHash: () => {},
  setWeight,
  setHeaderRoute,
  setMirrorRoute: () => {},
  verifyWeight: () => undefined,
  removeManagedRoutes,
}

function configOf(rollout: Rollout): ApisixConfig | undefined {
  return rollout.spec.strategy.canary?.trafficRouting?.['apisix'] as ApisixConfig | undefined
}

function refOfRoute(rollout: Rollout, name: string): ResourceRef {
  return { group: 'apisix.apache.org', kind: 'ApisixRoute', namespace: rollout.metadata.namespace ?? '', name }
}

// --apisix-api-version is fixed: apisix.apache.org/v2
function mainRoute({ rollout, client }: RouterContext): KubeObject {
  const name = configOf(rollout)?.route?.name ?? ''
  return client.getLive(refOfRoute(rollout, name)) ?? fail(`apisixroutes.apisix.apache.org "${name}" not found`)
}

/** apisix.go:105: without rules the one that is named like the route. */
function ruleNames(rollout: Rollout): readonly string[] {
  const { name = '', rules } = configOf(rollout)?.route ?? {}
  return rules ?? [name]
}

function services(rollout: Rollout): { readonly stable: string; readonly canary: string } {
  const { stableService: stable = '', canaryService: canary = '' } = rollout.spec.strategy.canary ?? {}
  return { stable, canary }
}

// apisix.go:69 SetWeight: an Update on every reconcile, whether it changes anything or not
function setWeight(context: RouterContext, desiredWeight: number): void {
  const route = mainRoute(context)
  const http = weightedRules(route, ruleNames(context.rollout), services(context.rollout), desiredWeight)
  context.client.update(withNested(route, ['spec', 'http'], http))
}

// apisix.go:199 SetHeaderRoute
function setHeaderRoute(context: RouterContext, header: SetHeaderRoute): void {
  const { rollout, client } = context
  const main = mainRoute(context)
  const name = header.name ?? ''
  const current = client.getLive(refOfRoute(rollout, name))
  if (current !== undefined && !isControlledBy(current, rollout)) return fail(`duplicate ApisixRoute [${name}] already exists`)
  if (header.match === undefined) {
    if (current !== undefined) client.remove(refOfRoute(rollout, name))
    return
  }
  const route = current ?? copyOf(main, name, rollout)
  const wanted = withNested(route, ['spec', 'http'], headerRules(route, ruleNames(rollout), services(rollout), header, current === undefined ? 'new' : 'existing'))
  if (current === undefined) client.create(wanted)
  else client.update(wanted)
}

/** apisix.go:307: a deep copy of the main route, with its labels and annotations, under the header route's name and owned by the Rollout. */
function copyOf(main: KubeObject, name: string, rollout: Rollout): KubeObject {
  const { resourceVersion: _, generation: _generation, uid: _uid, creationTimestamp: _created, ...metadata } = main.metadata
  return { ...main, metadata: { ...metadata, name, ownerReferences: [controllerRef(rollout)] } }
}

// apisix.go:425 RemoveManagedRoutes: only those that the Rollout owns
function removeManagedRoutes({ rollout, client }: RouterContext): void {
  for (const { name } of rollout.spec.strategy.canary?.trafficRouting?.managedRoutes ?? []) {
    const route = client.getLive(refOfRoute(rollout, name))
    if (route !== undefined && isControlledBy(route, rollout)) client.remove(refOfRoute(rollout, name))
  }
}
