import type { KubeObject } from '@rollsync/manifests'

export type PodState = 'ready' | 'slow' | 'crash'
export type RunPhase = 'Pending' | 'Running' | 'Successful' | 'Failed' | 'Error' | 'Inconclusive'

/** One line of an event script. `rollout` names the Rollout (absent: the first by name). The first event of every script, the deploy of all objects, is not listed. */
export type Event =
  | { readonly do: 'apply'; readonly image: string; readonly rollout?: string }
  | { readonly do: 'apply'; readonly object: KubeObject }
  | { readonly do: 'overwrite'; readonly kind: string; readonly name: string; readonly how: 'apply' | 'replace' }
  | { readonly do: 'edit'; readonly kind: string; readonly name: string; readonly patch: Readonly<Record<string, unknown>> }
  | { readonly do: 'delete'; readonly kind: string; readonly name: string }
  | { readonly do: 'promote'; readonly skip?: 'current-step' | 'all-steps'; readonly rollout?: string }
  | { readonly do: 'promote-full' | 'abort' | 'retry' | 'pause' | 'resume' | 'restart'; readonly rollout?: string }
  | { readonly do: 'undo'; readonly to?: number; readonly rollout?: string }
  | { readonly do: 'scale'; readonly replicas: number; readonly rollout?: string }
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'sync' }
  | { readonly do: 'pods'; readonly image: string; readonly state: PodState }
  | { readonly do: 'pods'; readonly image: string; readonly available: number }
  | { readonly do: 'analysis' | 'experiment'; readonly phase: RunPhase; readonly message?: string }
  | { readonly do: 'interrupt'; readonly first: Event; readonly rounds: number; readonly then: Event }
