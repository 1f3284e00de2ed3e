import type { IgnoreDifference } from '@rollsync/argocd'
import { isMap, type Manifest, parse, toPointer, toYaml } from '@rollsync/manifests'
import { splitKey, splitPrefix } from './argocd-cm.ts'
import { withBlock } from './block-text.ts'
import { holdsOurs, mergedRules, type RuleLists } from './rules-text.ts'
import { systemRules } from './system-rules.ts'

const legacyKey = 'resource.customizations'

/**
 * The text of the file with an argocd-cm that holds these rules beside what people wrote there; without any, with ours taken out. A kind with a split key has its rules there also where the legacy map is asked
 * for: the split key would hide them (types.go:2613).
 */
export function writeArgocdCm(configMap: Manifest, rules: readonly IgnoreDifference[], keys: 'split' | 'legacy'): string {
  const data = Object.fromEntries(Object.entries(isMap(configMap.value['data']) ? configMap.value['data'] : {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
  const wanted = systemRules(rules)
  const split = new Map<string, RuleLists>(Object.keys(data).filter((key) => key.startsWith(splitPrefix) && holdsOurs(data[key] ?? '')).map((key) => [key, {}]))
  const legacy = new Map<string, RuleLists>()
  for (const rule of wanted) {
    const key = splitKey(rule)
    if (keys === 'split' || data[key] !== undefined) split.set(key, rule.lists)
    else legacy.set(rule.group === '' ? rule.kind : `${rule.group}/${rule.kind}`, rule.lists)
  }
  const next = new Map([...split].map(([key, lists]) => [key, mergedRules(data[key] ?? '', lists)]))
  if (legacy.size > 0 || holdsOurs(data[legacyKey] ?? '')) next.set(legacyKey, mergedMap(data[legacyKey] ?? '', legacy))
  return [...next].filter(([key, text]) => text !== (data[key] ?? '')).reduce(
    (text, [key, value]) => withBlock(text, { document: configMap.documentIndex, pointer: `${configMap.base}${toPointer(['data', key])}` }, value), configMap.document.text,
  )
}

/** The legacy map, in which the rules of each kind are a text again. */
function mergedMap(text: string, wanted: ReadonlyMap<string, RuleLists>): string {
  const document = parse([{ file: legacyKey, text }]).documents[0]
  const held: Readonly<Record<string, unknown>> = isMap(document?.value) ? document.value : {}
  const rulesOf = (kind: string): string => {
    const one = held[kind]
    return isMap(one) && typeof one['ignoreDifferences'] === 'string' ? one['ignoreDifferences'] : ''
  }
  const kinds = [...new Set([...wanted.keys(), ...Object.keys(held).filter((kind) => holdsOurs(rulesOf(kind)))])]
  const next = kinds.map((kind) => [kind, mergedRules(rulesOf(kind), wanted.get(kind) ?? {})] as const).filter(([kind, rules]) => rules !== rulesOf(kind))
  if (document === undefined || Object.keys(held).length === 0) return next.length === 0 ? text : toYaml(Object.fromEntries(next.map(([kind, rules]) => [kind, { ignoreDifferences: rules }])))
  return next.reduce((whole, [kind, rules]) => {
    const others = isMap(held[kind]) ? Object.keys(held[kind]).filter((key) => key !== 'ignoreDifferences') : []
    const pointer = toPointer(rules === '' && others.length === 0 ? [kind] : [kind, 'ignoreDifferences'])
    const after = withBlock(whole, { document: 0, pointer }, rules)
    return isEmpty(after) ? '' : after
  }, text)
}

function isEmpty(text: string): boolean {
  const value = parse([{ file: legacyKey, text }]).documents[0]?.value
  return !isMap(value) || Object.keys(value).length === 0
}
