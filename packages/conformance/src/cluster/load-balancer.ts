import { valueAt } from '@rollsync/manifests'
import type { Api } from './api.ts'
import { resources } from './seed.ts'

/** Stands for the load balancer controller: gives each Ingress an address, without which Argo CD calls it Progressing. Returns how to end it. */
export function runLoadBalancer(api: Api): () => Promise<void> {
  const controller = new AbortController()
  const loop = async (): Promise<void> => {
    while (!controller.signal.aborted) {
      try {
        for await (const { type, object } of await api.watch(resources.ingresses, controller.signal)) {
          if (type === 'DELETED' || type === 'ERROR' || valueAt(object, '/status/loadBalancer/ingress') !== undefined) continue
          const status = { loadBalancer: { ingress: [{ hostname: 'lb.example.com' }] } }
          await api.patch(resources.ingresses, object.metadata.namespace ?? '', object.metadata.name, 'merge', { status }, { subresource: 'status', manager: 'aws-load-balancer-controller' })
        }
      } catch {
        // The API server is away for a moment, or the Ingress is gone.
      }
      if (!controller.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
  const running = loop()
  return async () => {
    controller.abort()
    await running
  }
}
