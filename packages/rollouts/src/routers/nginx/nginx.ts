import { createMergePatch, type KubeObject, type ResourceRef } from '@rollsync/manifests'

import { ControllerFailure, fail } from '../../controller-failure.ts'
import { goMapJson, withLongEscapes } from '../../go-json.ts'
import type { Ingress } from '../../ingress.ts'
import type { Rollout } from '../../rollout.ts'
import { isControlledBy } from '../owner.ts'
import type { Router, RouterContext } from '../router.ts'
import { canaryIngress, canaryIngressName, nginxOf } from './canary-ingress.ts'

/** rollout/trafficrouting/nginx/nginx.go: one canary Ingress beside each stable one; the stable ones are never touched. Header and mirror routes: nothing, as upstream. */
export const nginx: Router = {
  type: 'Nginx',
  isConfigured: (rollout) => nginxOf(rollout) !== undefined,
  updateHash: () => {},
  setWeight,
  setHeaderRoute: () => {},
  setMirrorRoute: () => {},
  verifyWeight: () => undefined,
  removeManagedRoutes: () => {},
}

// nginx.go:256 SetWeight and :266 SetWeightPerIngress; additional destinations are not looked at
function setWeight(context: RouterContext, desiredWeight: number): void {
  const { stableIngresses, stableIngress = '' } = nginxOf(context.rollout) ?? {}
  for (const name of stableIngresses ?? [stableIngress]) setIngressWeight(context, name, desiredWeight)
}

function setIngressWeight({ rollout, client }: RouterContext, stableName: string, desiredWeight: number): void {
  const name = canaryIngressName(rollout.metadata.name, stableName)
  const stable = client.get(refOfIngress(rollout, stableName)) as Ingress | undefined
  if (stable === undefined) return fail(`error retrieving stableIngress \`${stableName}\` from cache: ingress.networking.k8s.io "${stableName}" not found`)
  const current = client.get(refOfIngress(rollout, name)) as Ingress | undefined
  const wanted = canaryIngress(rollout, client.profile, stable, name, desiredWeight)
  if (current === undefined) {
    named(`error creating canary ingress \`${name}\``, () => client.create(wanted))
    return
  }
  if (!isControlledBy(current, rollout)) return fail(`canary ingress \`${name}\` controlled by different object`)
  // nginx.go:376 getDesiredAnnotations: since 1.8 what others have annotated stays
  const annotations = client.profile.has.keepsForeignIngressAnnotations ? { ...current.metadata.annotations, ...wanted.metadata.annotations } : wanted.metadata.annotations
  const patch = createMergePatch(partOf(current), partOf({ ...wanted, metadata: { ...wanted.metadata, ...(annotations === undefined ? {} : { annotations }) } }))
  if (Object.keys(patch).length === 0) return
  if (Object.keys(current.metadata.labels ?? {}).length > 0) client.note({ id: 'foreign-labels-removed', on: `Ingress ${name}` })
  const text = goMapJson(patch)
  named(`error patching canary ingress \`${name}\``, () => client.patch(refOfIngress(rollout, name), 'merge', client.profile.has.shortEscapes ? text : withLongEscapes(text)))
}

// utils/ingress/ingress.go buildIngressPatch with annotations, labels and spec: the canary Ingress has no labels, so foreign ones are removed
function partOf({ metadata, spec }: Pick<Ingress, 'metadata' | 'spec'>): Readonly<Record<string, unknown>> {
  const kept = (map: Readonly<Record<string, string>> | undefined): boolean => map !== undefined && Object.keys(map).length > 0
  return { metadata: { ...(kept(metadata.annotations) ? { annotations: metadata.annotations } : {}), ...(kept(metadata.labels) ? { labels: metadata.labels } : {}) }, spec }
}

function refOfIngress(rollout: Rollout, name: string): ResourceRef {
  return { group: 'networking.k8s.io', kind: 'Ingress', namespace: rollout.metadata.namespace ?? '', name }
}

function named(what: string, write: () => KubeObject): void {
  try {
    write()
  } catch (error) {
    if (error instanceof ControllerFailure) fail(`${what}: ${error.message}`)
    throw error
  }
}
