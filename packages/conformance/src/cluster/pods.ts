import { isMap, type KubeObject, valueAt } from '@rollsync/manifests'
import type { Api } from './api.ts'
import { follow } from './follow.ts'
import { resources } from './seed.ts'

/** How the pods of an image fare, in the words of event scripts: `slow` ones stay as they are (none becomes available), `crash` none is; `available`: at most so many of each ReplicaSet's. */
export type PodFate = 'ready' | 'slow' | 'crash' | { readonly available: number }

/** Stands for the ReplicaSet controller and the kubelet: nobody runs pods, so it says of each ReplicaSet how many are there. */
export interface PodModel {
  /** From now on, for this namespace and image (the first container's). */
  readonly decide: (namespace: string, image: string, fate: PodFate) => Promise<void>
  /** Ends what it began. */
  readonly end: () => Promise<void>
}

/** `startMs`: how long a pod takes from its creation until it is available; both controllers see it unavailable meanwhile. */
export function runPods(api: Api, startMs = 400): PodModel {
  const fates = new Map<string, PodFate>()
  const known = new Map<string, KubeObject>()
  const timers = new Set<NodeJS.Timeout>()
  const later = (set: KubeObject, status: Status): void => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      if (known.get(nameOf(set)) === set) void patchStatus(api, set, status)
    }, startMs)
    timers.add(timer)
  }
  const report = async (set: KubeObject): Promise<void> => {
    const fate = fates.get(fateKey(set.metadata.namespace ?? '', imageOf(set))) ?? 'ready'
    const [now, then] = [statusOf(set, kept(set, fate)), statusOf(set, reachable(set, fate))]
    if (!isSame(set['status'], now)) return patchStatus(api, set, now)
    if (!isSame(set['status'], then)) later(set, then)
  }
  const following = follow(api, resources.replicaSets, (type, set) => {
    if (type === 'DELETED') return void known.delete(nameOf(set))
    known.set(nameOf(set), set)
    return report(set)
  })
  return {
    decide: async (namespace, image, fate) => {
      fates.set(fateKey(namespace, image), fate)
      for (const set of known.values()) if (set.metadata.namespace === namespace && imageOf(set) === image) await report(set)
    },
    end: async () => {
      for (const timer of timers) clearTimeout(timer)
      await following.end()
    },
  }
}

type Status = Readonly<Record<string, unknown>>

/** Deleted or changed meanwhile: its next event brings it back here. */
async function patchStatus(api: Api, { metadata: { namespace = '', name } }: KubeObject, status: Status): Promise<void> {
  await api.patch(resources.replicaSets, namespace, name, 'merge', { status }, { subresource: 'status', manager: 'kube-controller-manager' }).catch(() => undefined)
}

function nameOf({ metadata: { namespace, name } }: KubeObject): string {
  return `${namespace ?? ''}/${name}`
}

function fateKey(namespace: string, image: string): string {
  return `${namespace} ${image}`
}

function imageOf(set: KubeObject): string {
  return String(valueAt(set, '/spec/template/spec/containers/0/image') ?? '')
}

function wantedOf(set: KubeObject): number {
  return Number(valueAt(set, '/spec/replicas') ?? 1)
}

/** What of the available pods is left at once: unavailable ones are the first to go. */
function kept(set: KubeObject, fate: PodFate): number {
  const available = Math.min(Number(valueAt(set, '/status/availableReplicas') ?? 0), wantedOf(set))
  return fate === 'crash' ? 0 : typeof fate === 'object' ? Math.min(available, fate.available) : available
}

/** How many will be available in a while. */
function reachable(set: KubeObject, fate: PodFate): number {
  switch (fate) {
    case 'ready': return wantedOf(set)
    case 'slow': return kept(set, fate)
    case 'crash': return 0
    default: return Math.min(wantedOf(set), fate.available)
  }
}

function statusOf(set: KubeObject, available: number): Status {
  const wanted = wantedOf(set)
  return { replicas: wanted, fullyLabeledReplicas: wanted, readyReplicas: available, availableReplicas: available, observedGeneration: set.metadata['generation'] }
}

/** A count that is 0 is left out by the API server. */
function isSame(held: unknown, status: Status): boolean {
  return isMap(held) && Object.entries(status).every(([key, value]) => (held[key] ?? 0) === value)
}
