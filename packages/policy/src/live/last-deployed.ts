import { lastAppliedAnnotation } from '@rollsync/argocd'
import type { Attribution } from '@rollsync/ignore'
import { changeValue, isMap, type KubeObject, pointerTokens } from '@rollsync/manifests'

const own = /^(argocd\.argoproj\.io\/tracking-id|kubectl\.kubernetes\.io\/last-applied-configuration)$/

/**
 * What the last sync applied, which Git may have left behind since: what kubectl's annotation holds; after server-side applies, Git's object with the fields that argocd-controller owns as they are in the cluster.
 * Argo CD's own mark is taken out again: whoever compares puts it there.
 */
export function lastDeployed(git: KubeObject, live: KubeObject, differences: readonly Attribution[]): KubeObject {
  const applied = fromAnnotation(live)
  if (applied !== undefined) return { ...applied, metadata: { ...applied.metadata, ...(git.metadata.namespace === undefined ? {} : { namespace: git.metadata.namespace }) } }
  let result: unknown = git
  for (const { by, change, pointer, value } of differences) {
    if (by !== 'argocd' || change === 'remove' || own.test(pointerTokens(pointer).at(-1) ?? '') || pointerTokens(pointer).some((token) => /^(\d+|-)$/.test(token))) continue
    result = changeValue(result, { do: 'set', pointer, value })
  }
  return result as KubeObject
}

function fromAnnotation(live: KubeObject): KubeObject | undefined {
  const text = live.metadata.annotations?.[lastAppliedAnnotation]
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (!isMap(value) || !isMap(value['metadata'])) return undefined
    const { annotations, ...metadata } = value['metadata']
    const kept = isMap(annotations) ? Object.fromEntries(Object.entries(annotations).filter(([key]) => !own.test(key))) : {}
    return { ...value, metadata: { ...metadata, ...(Object.keys(kept).length === 0 ? {} : { annotations: kept }) } } as unknown as KubeObject
  } catch {
    return undefined
  }
}
