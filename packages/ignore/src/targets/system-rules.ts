import type { IgnoreDifference } from '@rollsync/argocd'
import { toYaml } from '@rollsync/manifests'

/** What the system-level settings hold for one group and kind: they know neither name nor namespace. */
export interface SystemRule {
  readonly group: string
  readonly kind: string
  readonly lists: Readonly<Record<string, readonly string[]>>
  /** The YAML text of these lists. */
  readonly text: string
}

/** The rules of any number of Applications by group and kind, each expression once, in order. */
export function systemRules(rules: readonly IgnoreDifference[]): readonly SystemRule[] {
  const groups = new Map<string, { readonly group: string; readonly kind: string; readonly lists: Map<string, string[]> }>()
  for (const rule of rules) {
    const key = `${rule.group ?? ''}/${rule.kind}`
    const found = groups.get(key) ?? { group: rule.group ?? '', kind: rule.kind, lists: new Map() }
    for (const list of ['jqPathExpressions', 'jsonPointers', 'managedFieldsManagers'] as const) {
      const known = found.lists.get(list) ?? []
      if (rule[list] !== undefined) found.lists.set(list, [...known, ...rule[list].filter((text) => !known.includes(text))])
    }
    groups.set(key, found)
  }
  return [...groups.values()].map(({ group, kind, lists }) => ({ group, kind, lists: Object.fromEntries(lists), text: toYaml(Object.fromEntries(lists), ['jqPathExpressions']) }))
}

/** Why a rule here is more than one in the Application: said above it. */
export const systemNotice = '# For every object of the kind in the cluster, whichever Application deploys it: these settings know no names.'
