import { type Diagnostic, valueAt } from '@rollsync/manifests'
import { malformedPlace } from '@rollsync/rollouts'
import type { DeployedObject } from './repository.ts'

/** What the API server would refuse for its types, as diagnostics at the line. */
export function malformedObjects(objects: readonly DeployedObject[]): ReadonlyMap<DeployedObject, Diagnostic> {
  return new Map(objects.flatMap((one) => {
    const place = malformedPlace(one.object)
    if (place === undefined) return []
    const { kind, metadata } = one.object
    const message = `Kubernetes refuses ${kind} ${metadata.name}: ${place.pointer === '' ? 'it' : place.pointer} ${place.fault}`
    const hint = valueAt(one.object, place.pointer) !== undefined ? 'such a value often lacks its quotes, or has one level of indentation too many or too few' : 'it is required'
    return [[one, { code: 'wrong-type', severity: 'error', message, hint, at: one.manifest.at(place.pointer) }]] as const
  }))
}
