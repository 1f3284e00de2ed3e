import type { IgnoreDifference } from '@rollsync/argocd'
import { type Pointer, refKey, type ResourceRef } from '@rollsync/manifests'

/** One thing to be taken out of the comparison of one object, with the reason and every moment at which it is needed. */
export type IgnoreRule = {
  readonly resource: ResourceRef
  readonly because: string
  readonly moments: readonly string[]
} & ({ readonly by: 'jq'; readonly expression: string } | { readonly by: 'pointer'; readonly pointer: Pointer })

/** The entries for `spec.ignoreDifferences`: one for each object, by its name and namespace. */
export function toIgnoreDifferences(rules: readonly IgnoreRule[]): readonly IgnoreDifference[] {
  return [...byResource(rules).values()].map((list) => {
    const { group, kind, name, namespace } = (list[0] as IgnoreRule).resource
    const jq = list.flatMap((rule) => (rule.by === 'jq' ? [rule.expression] : []))
    const pointers = list.flatMap((rule) => (rule.by === 'pointer' ? [rule.pointer] : []))
    return {
      ...(group === '' ? {} : { group }),
      kind,
      name,
      ...(namespace === '' ? {} : { namespace }),
      ...(jq.length === 0 ? {} : { jqPathExpressions: jq }),
      ...(pointers.length === 0 ? {} : { jsonPointers: pointers }),
    }
  })
}

function byResource(rules: readonly IgnoreRule[]): Map<string, IgnoreRule[]> {
  const map = new Map<string, IgnoreRule[]>()
  for (const rule of rules) {
    const list = map.get(refKey(rule.resource))
    if (list === undefined) map.set(refKey(rule.resource), [rule])
    else list.push(rule)
  }
  return map
}
