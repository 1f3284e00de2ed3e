import { type KubeObject, refKey } from '@rollsync/manifests'
import type { World } from '../../world.ts'

/** What the controller's caches answer: the object of that name, or the words of the API machinery's not-found error. */
export type Lookup = { readonly found: 'yes'; readonly object: KubeObject } | { readonly found: 'no'; readonly error: string }

/** One kind that a Rollout refers to: the API groups that serve it, and its plural name in errors. */
export interface ReferencedKind {
  readonly kind: string
  readonly groups: readonly string[]
  readonly resource: string
}

export const service: ReferencedKind = { kind: 'Service', groups: [''], resource: 'service' }
export const ingress: ReferencedKind = { kind: 'Ingress', groups: ['networking.k8s.io'], resource: 'ingress.networking.k8s.io' }
export const virtualService: ReferencedKind = { kind: 'VirtualService', groups: ['networking.istio.io'], resource: 'virtualservices.networking.istio.io' }
export const mapping: ReferencedKind = { kind: 'Mapping', groups: ['getambassador.io'], resource: 'mappings.getambassador.io' }
export const meshVirtualService: ReferencedKind = { kind: 'VirtualService', groups: ['appmesh.k8s.aws'], resource: 'virtualservices.appmesh.k8s.aws' }
export const meshVirtualRouter: ReferencedKind = { kind: 'VirtualRouter', groups: ['appmesh.k8s.aws'], resource: 'virtualrouters.appmesh.k8s.aws' }
export const analysisTemplate: ReferencedKind = { kind: 'AnalysisTemplate', groups: ['argoproj.io'], resource: 'analysistemplate.argoproj.io' }
export const clusterAnalysisTemplate: ReferencedKind = { kind: 'ClusterAnalysisTemplate', groups: ['argoproj.io'], resource: 'clusteranalysistemplate.argoproj.io' }

export function lookup(world: World, kind: ReferencedKind, namespace: string, name: string): Lookup {
  for (const group of kind.groups) {
    const object = world.get(refKey({ group, kind: kind.kind, namespace, name }))
    if (object !== undefined) return { found: 'yes', object }
  }
  return { found: 'no', error: `${kind.resource} "${name}" not found` }
}
