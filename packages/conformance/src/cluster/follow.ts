import type { KubeObject } from '@rollsync/manifests'
import type { Api, Resource } from './api.ts'

/** Something that goes on until it is ended. */
export interface Following {
  /** Resolves when the API server has answered for the first time. */
  readonly begun: Promise<void>
  readonly end: () => Promise<void>
}

/** Hears of every change of a kind, in order, also when the API server goes away for a while: then what is there is told anew. A listener that fails hears of the next change. */
export function follow(api: Api, resource: Resource, listener: (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject) => void | Promise<void>): Following {
  const controller = new AbortController()
  let resolveBegun: () => void = () => undefined
  const begun = new Promise<void>((resolve) => { resolveBegun = resolve })
  const once = async (): Promise<void> => {
    const changes = await api.watch(resource, controller.signal)
    resolveBegun()
    for await (const { type, object } of changes) {
      if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') await listener(type, object)
    }
  }
  const loop = async (): Promise<void> => {
    while (!controller.signal.aborted) {
      // The API server is away for a moment, or what was to be changed is gone.
      await once().catch(() => undefined)
      if (!controller.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
  const running = loop()
  return {
    begun,
    end: async () => {
      controller.abort()
      await running
    },
  }
}
