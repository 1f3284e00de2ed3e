import { groupOf, type KubeObject, type Pointer } from '@rollsync/manifests'

import { type Field, mismatch, reshape, type Shape } from './go-shape.ts'
import { admitIngress } from './ingress.ts'
import { rolloutsProfile, rolloutsVersions } from './profile.ts'
import { admitRollout } from './rollout-shape.ts'
import { RolloutsError } from './rollouts-error.ts'

/** Where the JSON of an object does not fit its Go type, so that the API server refuses it, and how: `must be a string, not true`. */
export interface MalformedPlace {
  readonly pointer: Pointer
  readonly fault: string
}

const struct = (...fields: readonly Field[]): Shape => ({ struct: fields })
const strings: Shape = { map: 'string' }
const metadata = struct(['labels', strings, 'omitempty'], ['annotations', strings, 'omitempty'])
const selector = struct(['matchLabels', strings, 'omitempty'], ['matchExpressions', { list: struct(['key', 'string', 'always'], ['operator', 'string', 'always'], ['values', { list: 'string' }, 'omitempty']) }, 'omitempty'])
const template = struct(['metadata', metadata, 'omitempty'], ['spec', struct(['containers', { list: struct(['name', 'string', 'always'], ['image', 'string', 'omitempty']) }, 'always']), 'omitempty'])
const workload = struct(['replicas', 'int', 'pointer'], ['selector', selector, 'pointer'], ['template', template, 'always'])
const service = struct(['selector', strings, 'omitempty'], ['ports', { list: struct(['name', 'string', 'omitempty'], ['port', 'int', 'always'], ['targetPort', 'stringOrInt', 'omitempty']) }, 'omitempty'])

/** The first place of an object at which a field that the controllers read is of another type than they can read; undefined where there is none, and for kinds that they do not read. */
export function malformedPlace(object: KubeObject): MalformedPlace | undefined {
  try {
    reshapeAsKind(object)
    return undefined
  } catch (error) {
    if (error instanceof RolloutsError && error.place !== undefined) return error.place
    throw error
  }
}

const readKinds: ReadonlySet<string> = new Set(['argoproj.io Rollout', 'networking.k8s.io Ingress', ' Service', 'apps Deployment', 'apps ReplicaSet', 'apps StatefulSet', ' PodTemplate'])

// apimachinery validation.NameIsDNSSubdomain.
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

function checkNames({ metadata }: KubeObject): void {
  for (const key of ['name', 'namespace'] as const) {
    const name = metadata[key]
    if (typeof name === 'string' && name !== '' && !(subdomain.test(name) && name.length <= 253)) throw mismatch(['metadata', key], 'small letters, digits, - and .', name)
  }
}

function reshapeAsKind(object: KubeObject): void {
  const spec = object['spec']
  const kind = `${groupOf(object.apiVersion)} ${object.kind}`
  if (readKinds.has(kind)) checkNames(object)
  switch (kind) {
    case 'argoproj.io Rollout':
      if (spec === undefined || spec === null) throw mismatch(['spec'], 'a map', spec)
      // The type of a field is the same in every version that knows it.
      admitRollout(object, rolloutsProfile(rolloutsVersions[0] as string).profile)
      return void reshape(spec, workload, ['spec'])
    case 'networking.k8s.io Ingress': return void admitIngress(object)
    case ' Service': return void reshape(spec, service, ['spec'])
    case 'apps Deployment': case 'apps ReplicaSet': case 'apps StatefulSet': return void reshape(spec, workload, ['spec'])
    case ' PodTemplate': return void reshape(object['template'], template, ['template'])
    default:
  }
}
