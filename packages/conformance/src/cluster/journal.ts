import { type KubeObject, valueAt } from '@rollsync/manifests'
import type { Api, Resource } from './api.ts'
import { argocdNamespace } from './processes/argocd.ts'
import { resources } from './seed.ts'

/** One change of an object as the API server told it; `what` is the object after it. */
export interface Entry {
  readonly at: number
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly before: KubeObject | undefined
  readonly what: KubeObject
}

/** Writes down what happens in a cluster: every change of a watched kind, in order. */
export interface Journal {
  readonly entries: readonly Entry[]
  readonly onEntry: (listener: (entry: Entry) => void) => () => void
  readonly end: () => Promise<void>
}

const kinds: readonly Resource[] = [resources.ingresses, resources.services, resources.rollouts, resources.replicaSets, resources.applications]

export async function keepJournal(api: Api): Promise<Journal> {
  const entries: Entry[] = []
  const listeners = new Set<(entry: Entry) => void>()
  const controller = new AbortController()
  const held = new Map<string, KubeObject>()
  const note = (type: Entry['type'], what: KubeObject): void => {
    const key = `${what.kind} ${what.metadata.namespace}/${what.metadata.name}`
    const before = held.get(key)
    // A watch that begins anew tells everything again.
    if (before?.metadata['resourceVersion'] === what.metadata['resourceVersion'] && type !== 'DELETED') return
    if (type === 'DELETED') held.delete(key)
    else held.set(key, what)
    const entry: Entry = { at: Date.now(), type, before, what }
    entries.push(entry)
    for (const listener of listeners) listener(entry)
  }
  const follow = async (resource: Resource, opened: () => void): Promise<void> => {
    while (!controller.signal.aborted) {
      try {
        const changes = await api.watch(resource, controller.signal)
        opened()
        for await (const { type, object } of changes) if (type !== 'ERROR' && type !== 'BOOKMARK') note(type as Entry['type'], object)
      } catch {
        // The API server is away for a moment.
      }
      if (!controller.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
  const begun = kinds.map((resource) => {
    let opened: () => void = () => undefined
    const open = new Promise<void>((resolve) => { opened = resolve })
    return { open, following: follow(resource, opened) }
  })
  await Promise.all(begun.map(({ open }) => open))
  return {
    entries,
    onEntry: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    end: async () => {
      controller.abort()
      await Promise.all(begun.map(({ following }) => following))
    },
  }
}

/** The namespace that an entry belongs to; an Application belongs to the one it deploys to. */
export function homeOf({ what }: Entry): string {
  return what.metadata.namespace === argocdNamespace ? String(valueAt(what, '/spec/destination/namespace') ?? '') : what.metadata.namespace ?? ''
}
