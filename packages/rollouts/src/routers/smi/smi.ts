import { createMergePatch, type KubeObject, type ResourceRef } from '@rollsync/manifests'

import { fail } from '../../controller-failure.ts'
import { goMapJson } from '../../go-json.ts'
import type { Rollout, WeightDestination } from '../../rollout.ts'
import { controllerRef, isControlledBy } from '../owner.ts'
import type { Router, RouterContext } from '../router.ts'

interface SmiConfig { readonly rootService?: string; readonly trafficSplitName?: string }

/** rollout/trafficrouting/smi/smi.go: one TrafficSplit, which the controller makes. Header and mirror routes: nothing, as upstream. */
export const smi: Router = {
  type: 'SMI',
  isConfigured: (rollout) => smiOf(rollout) !== undefined,
  updateHash: () => {},
  setWeight,
  setHeaderRoute: () => {},
  setMirrorRoute: () => {},
  verifyWeight: () => undefined,
  removeManagedRoutes: () => {},
}

function smiOf(rollout: Rollout): SmiConfig | undefined {
  return rollout.spec.strategy.canary?.trafficRouting?.['smi'] as SmiConfig | undefined
}

// smi.go:187 SetWeight
function setWeight({ rollout, client }: RouterContext, desiredWeight: number, additional: readonly WeightDestination[]): void {
  const name = smiOf(rollout)?.trafficSplitName || rollout.metadata.name
  const ref: ResourceRef = { group: 'split.smi-spec.io', kind: 'TrafficSplit', namespace: rollout.metadata.namespace ?? '', name }
  const current = client.getLive(ref)
  const spec = trafficSplitSpec(rollout, apiVersionOf(current), desiredWeight, additional)
  if (current === undefined) {
    client.create({ apiVersion: apiVersionOf(current), kind: 'TrafficSplit', metadata: { name, namespace: rollout.metadata.namespace ?? '', ownerReferences: [controllerRef(rollout)] }, spec })
    return
  }
  if (!isControlledBy(current, rollout)) return fail(`Rollout does not own TrafficSplit \`${name}\``)
  const patch = createMergePatch({ spec: specOf(current) }, { spec })
  if (Object.keys(patch).length > 0) client.patch(ref, 'merge', goMapJson(patch))
}

// --traffic-split-api-version is v1alpha1 by default; an object that is there shows which one this cluster uses
function apiVersionOf(current: KubeObject | undefined): string {
  return current?.apiVersion ?? 'split.smi-spec.io/v1alpha1'
}

/** smi.go:257 trafficSplitV1Alpha1 and its like: canary first, stable last. A v1alpha1 weight is a Quantity, which JSON has as text, in decimal exponent form. */
function trafficSplitSpec(rollout: Rollout, apiVersion: string, desiredWeight: number, additional: readonly WeightDestination[]): Readonly<Record<string, unknown>> {
  const { canaryService = '', stableService = '' } = rollout.spec.strategy.canary ?? {}
  const weightOf = (weight: number): unknown => apiVersion.endsWith('v1alpha1') ? exponentForm(weight) : weight
  const rest = additional.reduce((left, { weight }) => left - weight, 100 - desiredWeight)
  const backends = [[canaryService, desiredWeight] as const, ...additional.map(({ serviceName = '', weight }) => [serviceName, weight] as const), [stableService, rest] as const]
  return { service: smiOf(rollout)?.rootService || stableService, backends: backends.map(([service, weight]) => ({ service, weight: weightOf(weight) })) }
}

/** apimachinery Quantity in DecimalExponent: thousands as an exponent. Per cent are below that. */
function exponentForm(weight: number): string {
  return weight !== 0 && weight % 1000 === 0 ? `${weight / 1000}e3` : String(weight)
}

function specOf(object: KubeObject): Readonly<Record<string, unknown>> {
  return (object['spec'] ?? {}) as Readonly<Record<string, unknown>>
}
