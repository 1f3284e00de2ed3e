import { type KubeObject, valueAt } from '@rollsync/manifests'
import type { Api, Resource } from './api.ts'
import { follow } from './follow.ts'
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
  const followings = kinds.map((resource) => follow(api, resource, note))
  await Promise.all(followings.map(({ begun }) => begun))
  return {
    entries,
    onEntry: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    end: async () => void (await Promise.all(followings.map(({ end }) => end()))),
  }
}

/** As the API server counts all writes: watches of several kinds run beside each other. */
export function inOrder(entries: readonly Entry[]): readonly Entry[] {
  const version = ({ what }: Entry): number => Number(what.metadata['resourceVersion'])
  return [...entries].sort((a, b) => version(a) - version(b))
}

/** The namespace that an entry belongs to; an Application belongs to the one it deploys to. */
export function homeOf({ what }: Entry): string {
  return what.metadata.namespace === argocdNamespace ? String(valueAt(what, '/spec/destination/namespace') ?? '') : what.metadata.namespace ?? ''
}
