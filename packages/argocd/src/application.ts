import { groupOf, type KubeObject, type ResourceRef } from '@rollsync/manifests'
import type { ResourceState } from './auto-sync.ts'
import { compare, type CompareOptions } from './compare.ts'
import type { Comparison, SyncResult } from './comparison.ts'
import { nested } from './json-map.ts'
import { arrived, settle, type Steps } from './settle.ts'
import { sync, type SyncOptions } from './sync.ts'

/** One resource of an Application on both sides; never null on both. */
export interface ResourcePair { readonly target: KubeObject | null; readonly live: KubeObject | null }

export interface ComparedResource extends ResourceState { readonly comparison: Comparison }

/** `condition` is the ComparisonError that makes an Application Unknown, with all its resources. */
export type ComparedApplication =
  | { readonly sync: 'Synced' | 'OutOfSync'; readonly resources: readonly ComparedResource[] }
  | { readonly sync: 'Unknown'; readonly resources: readonly ComparedResource[]; readonly condition: string }
  | { readonly sync: 'unverified'; readonly reason: string }

/** state.go CompareAppState: every resource but hooks; one that cannot be compared makes them all Unknown. */
export function compareApplication(pairs: readonly ResourcePair[], options: CompareOptions): ComparedApplication | Promise<ComparedApplication> {
  return settle((function* (): Steps<ComparedApplication> {
    const compared: ComparedResource[] = []
    const judged = pairs.filter((pair) => !isHook(pair))
    let condition: string | undefined
    for (const pair of judged) {
      const comparison = yield* arrived(compare(pair.target, pair.live, options))
      if (comparison.sync === 'unverified') return { sync: 'unverified', reason: comparison.reason }
      if (comparison.sync === 'Unknown') condition ??= comparison.condition
      if (comparison.sync === 'panic') condition ??= comparison.error
      compared.push({ ref: refOfPair(pair), sync: comparison.sync === 'panic' ? 'Unknown' : comparison.sync, requiresPruning: pair.target === null, comparison })
    }
    if (condition !== undefined) return { sync: 'Unknown', resources: compared.map((one) => ({ ...one, sync: 'Unknown' as const })), condition }
    const counts = compared.filter((one, i) => one.sync === 'OutOfSync' && !(one.requiresPruning && isExtraneous(judged[i]!)))
    return { sync: counts.length > 0 ? 'OutOfSync' : 'Synced', resources: compared }
  })())
}

/** What a sync leaves of each resource that it touches. `only` names the resources of a partial sync, as self-heal does one. */
export function syncApplication(
  pairs: readonly ResourcePair[], options: SyncOptions, only: 'all' | readonly ResourceRef[] = 'all',
): readonly SyncedResource[] | Promise<readonly SyncedResource[]> {
  return settle((function* (): Steps<readonly SyncedResource[]> {
    const results: SyncedResource[] = []
    for (const pair of pairs) {
      const ref = refOfPair(pair)
      if (pair.target === null || isHook(pair) || (only !== 'all' && !only.some((one) => sameResource(one, ref)))) continue
      results.push({ ref, result: yield* arrived(sync(pair.target, pair.live, options)) })
    }
    // sync.go:164: a comparison error of one resource refuses the whole sync
    const refused = results.find(({ result }) => result.outcome === 'failed' && result.message.startsWith('Failed to compare desired state'))
    return refused ? results.map(({ ref }) => ({ ref, result: refused.result })) : results
  })())
}

export interface SyncedResource { readonly ref: ResourceRef; readonly result: SyncResult }

function refOfPair({ target, live }: ResourcePair): ResourceRef {
  const object = (target ?? live)!
  return { group: groupOf(object.apiVersion), kind: object.kind, namespace: object.metadata.namespace ?? '', name: object.metadata.name }
}

// SyncOperationResource names no version, and in self-heal no namespace
function sameResource(a: ResourceRef, b: ResourceRef): boolean {
  return a.group === b.group && a.kind === b.kind && a.name === b.name
}

function isHook({ target, live }: ResourcePair): boolean {
  return ['argocd.argoproj.io/hook', 'helm.sh/hook'].some((key) => typeof nested(target ?? live, ['metadata', 'annotations', key]) === 'string')
}

function isExtraneous({ live }: ResourcePair): boolean {
  const options = nested(live, ['metadata', 'annotations', 'argocd.argoproj.io/compare-options'])
  return typeof options === 'string' && options.split(',').some((option) => option.trim() === 'IgnoreExtraneous')
}
