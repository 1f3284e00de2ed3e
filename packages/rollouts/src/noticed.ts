import { groupOf, type KubeObject } from '@rollsync/manifests'
import type { Event } from './event.ts'
import { type Ingress, ingressClass } from './ingress.ts'
import { readManaged } from './ingress-controller.ts'
import { HASH_LABEL } from './replica-set.ts'
import { objectsOf, type World } from './world.ts'

/** Groups whose objects a router writes and no informer of the controller watches. */
const UNWATCHED: ReadonlySet<string> = new Set(['gateway.networking.k8s.io', 'split.smi-spec.io', 'traefik.io', 'traefik.containo.us', 'apisix.apache.org', 'getambassador.io', 'x.getambassador.io', 'appmesh.k8s.aws'])

/**
 * Whether the controller looks at its Rollouts again because this object is now as it is. A Service without a hash in its selector (service/service.go:169) and an ALB Ingress that names no
 * Rollout in its bookkeeping (ingress/alb.go:26) wake nobody, nor does what no informer watches: whatever such a change took away stays away until something else happens to the
 * Rollout, or its resync (15 minutes by default).
 */
export function isNoticed(world: World, object: KubeObject): boolean {
  const group = groupOf(object.apiVersion)
  if (object.kind === 'Service' && group === '') return ((object['spec'] ?? {}) as { readonly selector?: Readonly<Record<string, string>> }).selector?.[HASH_LABEL] !== undefined
  if (object.kind === 'Ingress') return isIngressNoticed(world, object as Ingress)
  return !UNWATCHED.has(group)
}

function isIngressNoticed(world: World, ingress: Ingress): boolean {
  switch (ingressClass(ingress)) {
    case 'alb': return readManaged(ingress).size > 0
    case 'nginx': return objectsOf(world, 'Rollout').length > 0
    default: return false
  }
}

/** Whether an event wakes the controller: a change of one object that nobody watches does not. */
export function wakes(world: World, event: Event): boolean {
  if (event.do !== 'edit' && event.do !== 'overwrite') return !(event.do === 'delete' && ['Ingress', 'Service'].includes(event.kind))
  const object = objectsOf(world, event.kind).find(({ metadata }) => metadata.name === event.name)
  return object === undefined || isNoticed(world, object)
}
