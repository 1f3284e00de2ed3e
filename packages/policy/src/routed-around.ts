import { groupOf, type KubeObject } from '@rollsync/manifests'
import type { Repository } from './discover/repository.ts'

const routed = new Set(['Ingress', 'Service'])
const groups = new Set(['', 'networking.k8s.io', 'extensions'])
const clusterWide = new Set(['IngressClass', 'IngressClassParams', 'Namespace'])

/** Everything in a repository that a load balancer's rules may depend on: Ingresses and Services as they are deployed, the classes, and the Namespaces. */
export function routedAround({ applications, canaries, manifests }: Repository): readonly KubeObject[] {
  const deployed = [...applications.flatMap((one) => one.objects), ...[...new Set(canaries.map((one) => one.around))].flatMap((around) => around.objects)].map((one) => one.object)
  return [
    ...new Set(deployed.filter((object) => routed.has(object.kind) && groups.has(groupOf(object.apiVersion)))),
    ...manifests.map((manifest) => manifest.value).filter((object) => clusterWide.has(object.kind)),
  ]
}
