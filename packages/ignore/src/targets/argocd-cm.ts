import type { IgnoreDifference } from '@rollsync/argocd'
import { toYaml } from '@rollsync/manifests'
import { systemNotice, type SystemRule, systemRules } from './system-rules.ts'

export const splitPrefix = 'resource.customizations.ignoreDifferences.'

export function splitKey({ group, kind }: Pick<SystemRule, 'group' | 'kind'>): string {
  return `${splitPrefix}${group === '' ? kind : `${group}_${kind}`}`
}

/** The keys of argocd-cm (settings.go getResourceOverrides): one key for each kind, as Argo CD wants it since 2.0. */
export function splitKeys(rules: readonly IgnoreDifference[]): Readonly<Record<string, string>> {
  return Object.fromEntries(systemRules(rules).map((rule) => [splitKey(rule), rule.text]))
}

/** The one key `resource.customizations` of older set-ups: a map by `group/Kind`, in which the rules are a text again. */
export function legacyKeys(rules: readonly IgnoreDifference[]): Readonly<Record<string, string>> {
  const found = systemRules(rules)
  if (found.length === 0) return {}
  return { 'resource.customizations': toYaml(Object.fromEntries(found.map(({ group, kind, text }) => [group === '' ? kind : `${group}/${kind}`, { ignoreDifferences: text }]))) }
}

/** A ConfigMap argocd-cm with these keys alone, to be merged into the one that stands there. */
export function printArgocdCm(rules: readonly IgnoreDifference[], keys: 'split' | 'legacy'): string {
  const data = keys === 'split' ? splitKeys(rules) : legacyKeys(rules)
  if (Object.keys(data).length === 0) return '# nothing is needed\n'
  return `${systemNotice}\n${toYaml({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'argocd-cm', namespace: 'argocd' }, data })}`
}
