import type { KubeObject, ResourceRef } from '@rollsync/manifests'

import { ControllerFailure, fail } from '../../controller-failure.ts'
import type { RolloutsProfile } from '../../profile.ts'
import type { Rollout } from '../../rollout.ts'
import { type Json, nestedText, withNested } from '../nested.ts'
import type { Router, RouterContext } from '../router.ts'

/** rollout/trafficrouting/ambassador/ambassador.go: a canary Mapping beside each Mapping, while the weight is above 0. Header and mirror routes: nothing, as upstream. */
export const ambassador: Router = {
  type: 'Ambassador',
  isConfigured: (rollout) => mappingsOf(rollout) !== undefined,
  updateHash: () => {},
  setWeight,
  setHeaderRoute: () => {},
  setMirrorRoute: () => {},
  verifyWeight: () => undefined,
  removeManagedRoutes: () => {},
}

function mappingsOf(rollout: Rollout): readonly string[] | undefined {
  const config = rollout.spec.strategy.canary?.trafficRouting?.['ambassador'] as { readonly mappings?: readonly string[] | null } | undefined
  return config === undefined ? undefined : config.mappings ?? []
}

// ambassador.go:81 SetWeight: the Mappings at the same time; one that fails does not stop the others. Here in the order listed.
function setWeight(context: RouterContext, desiredWeight: number): void {
  const errors: string[] = []
  for (const name of mappingsOf(context.rollout) ?? []) {
    try {
      setMappingWeight(context, name, desiredWeight)
    } catch (error) {
      if (!(error instanceof ControllerFailure) || error.kind === 'panic') throw error
      errors.push(error.message)
    }
  }
  const [first, ...others] = errors
  if (first !== undefined) fail(others.length === 0 ? first : `${errors.length} errors found: ${errors.map((error) => `[${error}]`).join('')}`)
}

// ambassador.go:137 handleCanaryMapping
function setMappingWeight({ rollout, client }: RouterContext, baseName: string, desiredWeight: number): void {
  const name = canaryMappingName(baseName)
  const ref = (of: string): ResourceRef => ({ group: 'getambassador.io', kind: 'Mapping', namespace: rollout.metadata.namespace ?? '', name: of })
  const current = client.getLive(ref(name))
  if (current !== undefined) {
    try {
      client.update(withWeight(current, desiredWeight))
    } finally {
      // ambassador.go:155: after five seconds, and whatever became of the update; its own error is only logged
      if (desiredWeight === 0) removeQuietly(() => client.remove(ref(name)))
    }
    return
  }
  if (desiredWeight === 0) return
  const base = client.getLive(ref(baseName))
  if (base === undefined) return fail(`mappings.getambassador.io "${baseName}" not found`)
  const weight = specOf(base)['weight']
  if (typeof weight === 'number' && weight !== 0) return fail(`Ambassador mapping "${baseName}" can not define weight`)
  client.create(canaryMapping(rollout, client.profile, base, desiredWeight))
}

function removeQuietly(remove: () => void): void {
  try {
    remove()
  } catch (error) {
    if (!(error instanceof ControllerFailure)) throw error
  }
}

/** ambassador.go:230 buildCanaryMapping: a copy without its metadata. */
function canaryMapping(rollout: Rollout, profile: RolloutsProfile, base: KubeObject, desiredWeight: number): KubeObject {
  const { stableService = '', canaryService = '' } = rollout.spec.strategy.canary ?? {}
  const service = nestedText(base, 'spec', 'service') ?? ''
  const metadata = { name: canaryMappingName(base.metadata.name), namespace: base.metadata.namespace ?? '' }
  const renamed = profile.has.renamesMappingService ? replaceFirst(service, stableService, canaryService) : withPort(service, canaryService)
  return withWeight(withNested({ ...base, metadata }, ['spec', 'service'], renamed), desiredWeight)
}

/** Go's strings.Replace(…, 1): the empty text is found at the beginning. */
function replaceFirst(text: string, old: string, fresh: string): string {
  const at = text.indexOf(old)
  return at < 0 ? text : text.slice(0, at) + fresh + text.slice(at + old.length)
}

// up to 1.6: the canary service with the port of the base
function withPort(service: string, canaryService: string): string {
  const port = service.includes(':') ? service.slice(service.lastIndexOf(':') + 1) : ''
  return /^[+-]?\d+$/.test(port) ? `${canaryService}:${port}` : canaryService
}

function withWeight(mapping: KubeObject, weight: number): KubeObject {
  return withNested(mapping, ['spec', 'weight'], weight)
}

/** ambassador.go:275 buildCanaryMappingName */
function canaryMappingName(name: string): string {
  return `${name.slice(0, 246)}-canary`
}

function specOf(object: KubeObject): Json {
  return (object['spec'] ?? {}) as Json
}
