import type { KubeObject } from '@rollsync/manifests'
import { annotationPrefix } from './annotations.ts'
import type { LbcCluster } from './cluster.ts'
import { parseConditions, validateCondition } from './condition-config.ts'
import { ControllerError, failure, Unknowable } from './controller-error.ts'
import { isOurClassAnnotation, isOurController, loadClass } from './ingress-class.ts'
import type { LbcProfile } from './profile.ts'
import { readIngress, Unreadable } from './read.ts'

/** The verdict of the controller's validating webhook on a new Ingress. `panics`: the webhook crashes, so the request fails with an internal error. */
export type Admission =
  | { readonly verdict: 'admitted' }
  | { readonly verdict: 'refused'; readonly error: string }
  | { readonly verdict: 'panics'; readonly panic: string }
  | { readonly verdict: 'unverified'; readonly because: string }

const nilDereference = 'runtime error: invalid memory address or nil pointer dereference'

/** webhooks/networking/ingress_validator.go ValidateCreate. It reads the stock annotation prefix, and looks at the conditions of paths only. */
export function admission(object: KubeObject, cluster: LbcCluster, profile: LbcProfile): Admission {
  try {
    return validateCreate(object, cluster, profile)
  } catch (error) {
    if (error instanceof Unreadable || error instanceof ControllerError) return { verdict: 'refused', error: error.message }
    if (error instanceof Unknowable) return { verdict: 'unverified', because: error.message }
    throw error
  }
}

function validateCreate(object: KubeObject, cluster: LbcCluster, profile: LbcProfile): Admission {
  const ingress = readIngress(object)
  if (!isOurs(ingress, cluster)) return { verdict: 'admitted' }
  // ingress_validator.go:183: the class that is named must exist, also where the annotation decides.
  if (ingress.className !== undefined) loadClass(ingress, cluster, 'without parameters')
  const annotations = { prefix: annotationPrefix, of: ingress.annotations }
  for (const { backend } of ingress.rules.flatMap((rule) => rule.paths ?? [])) {
    // ingress_validator.go:218: a resource backend has no service.
    if (backend.service === undefined) return { verdict: 'panics', panic: nilDereference }
    const { name } = backend.service
    for (const condition of parseConditions(annotations, name, profile)) {
      try {
        validateCondition(condition, profile)
      } catch (error) {
        if (!(error instanceof ControllerError)) throw error
        throw failure(`ignoring Ingress ${ingress.key} since invalid alb.ingress.kubernetes.io/conditions.${name} annotation: ${error.message}`)
      }
    }
  }
  return { verdict: 'admitted' }
}

/** ingress_validator.go:106 checkIngressClass. */
function isOurs(ingress: ReturnType<typeof readIngress>, cluster: LbcCluster): boolean {
  const flag = cluster.options?.ingressClass ?? 'alb'
  const annotation = ingress.annotations.get('kubernetes.io/ingress.class')
  if (annotation !== undefined) return isOurClassAnnotation(annotation, flag)
  const config = loadClass(ingress, cluster, 'without parameters')
  return config.class === undefined ? flag === '' : isOurController(config.class)
}
