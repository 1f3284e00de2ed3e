import { compare } from './world.ts'

interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[]
}

/** metav1.FormatLabelSelector: sorted by key; '<none>' for an empty one. */
export function selectorText(selector: LabelSelector | undefined): string {
  const labels = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => [key, `${key}=${value}`] as const)
  const expressions = (selector?.matchExpressions ?? []).map(({ key, operator, values }) => [key, expressionText(key, operator, values ?? [])] as const)
  const parts = [...labels, ...expressions].sort(([a], [b]) => compare(a, b)).map(([, text]) => text)
  return parts.length === 0 ? '<none>' : parts.join(',')
}

function expressionText(key: string, operator: string, values: readonly string[]): string {
  const list = `(${[...values].sort(compare).join(',')})`
  switch (operator) {
    case 'In': return `${key} in ${list}`
    case 'NotIn': return `${key} notin ${list}`
    case 'DoesNotExist': return `!${key}`
    default: return key
  }
}
