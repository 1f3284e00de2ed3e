import { createMergePatch, type ResourceRef } from '@rollsync/manifests'

import { ControllerFailure, fail } from '../../controller-failure.ts'
import type { Ingress, IngressSpec } from '../../ingress.ts'
import type { RolloutsProfile } from '../../profile.ts'
import type { Rollout } from '../../rollout.ts'
import type { RouterContext } from '../router.ts'
import type { Annotations } from './annotations.ts'
import { ingressNames } from './annotations.ts'

interface Wanted { readonly annotations: Annotations; readonly spec?: IngressSpec }

/** What becomes of an Ingress. It hangs on nothing but the Ingress, the Rollout's name and spec, which of its two Services is ping, the version, and what `what` says. */
export interface Change { readonly what: string; readonly wanted: (ingress: Ingress) => Wanted }

interface Made { readonly spec: Rollout['spec']; readonly profile: RolloutsProfile; readonly patch: Readonly<Record<string, unknown>> }

// Every sync asks for the same again, mostly of the very same Ingress.
const made = new WeakMap<Ingress, Map<string, Made>>()

/**
 * What SetWeightPerIngress, SetHeaderRoutePerIngress and RemoveManagedRoutesPerIngress share: for each Ingress the two-way patch from the cached object to the wanted one. An
 * Ingress that needs no patch ends the loop (alb.go:111, :163, :596 `return nil`): those after it are not looked at.
 */
export function patchIngresses(context: RouterContext, change: Change): void {
  const { rollout, client } = context
  const names = ingressNames(rollout)
  for (const [i, name] of names.entries()) {
    const ref: ResourceRef = { group: 'networking.k8s.io', kind: 'Ingress', namespace: rollout.metadata.namespace ?? '', name }
    const ingress = client.get(ref) as Ingress | undefined
    if (ingress === undefined) return fail(`ingress.networking.k8s.io "${name}" not found`)
    const patch = patchOf(context, ingress, change)
    if (Object.keys(patch).length === 0) {
      if (i + 1 < names.length) client.note({ id: 'later-ingress-skipped', on: `Ingress ${name}` })
      return
    }
    try {
      client.mergePatch(ref, patch)
    } catch (error) {
      if (error instanceof ControllerFailure) fail(`error patching alb ingress \`${name}\`: ${error.message}`)
      throw error
    }
  }
}

function patchOf({ rollout, client }: RouterContext, ingress: Ingress, { what, wanted }: Change): Readonly<Record<string, unknown>> {
  const key = `${rollout.metadata.name} ${rollout.status.canary?.stablePingPong ?? ''} ${what}`
  const patches = made.get(ingress) ?? new Map<string, Made>()
  const known = patches.get(key)
  if (known !== undefined && known.spec === rollout.spec && known.profile === client.profile) return known.patch
  const patch = createMergePatch(partOf(ingress.metadata.annotations, ingress.spec), wantedPart(ingress, wanted(ingress)))
  made.set(ingress, patches.set(key, { spec: rollout.spec, profile: client.profile, patch }))
  return patch
}

function wantedPart(ingress: Ingress, wanted: Wanted): Readonly<Record<string, unknown>> {
  return partOf(wanted.annotations, wanted.spec ?? ingress.spec)
}

// utils/ingress/ingress.go buildIngressPatch
function partOf(annotations: Annotations | undefined, spec: IngressSpec): Readonly<Record<string, unknown>> {
  return { metadata: annotations === undefined || Object.keys(annotations).length === 0 ? {} : { annotations }, spec }
}
