import { valueAt } from '@rollsync/manifests'
import type { Api } from './api.ts'
import { follow, type Following } from './follow.ts'
import { resources } from './seed.ts'

/** Stands for the load balancer controller: gives each Ingress an address, without which Argo CD calls it Progressing. */
export function runLoadBalancer(api: Api): Following {
  return follow(api, resources.ingresses, async (type, object) => {
    if (type === 'DELETED' || valueAt(object, '/status/loadBalancer/ingress') !== undefined) return
    const status = { loadBalancer: { ingress: [{ hostname: 'lb.example.com' }] } }
    await api.patch(resources.ingresses, object.metadata.namespace ?? '', object.metadata.name, 'merge', { status }, { subresource: 'status', manager: 'aws-load-balancer-controller' })
  })
}
