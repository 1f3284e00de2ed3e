import { child, type FieldPath, item } from './field-path.ts'
import { isQualifiedName, isValidLabelValue } from './kube-names.ts'
import { listAt, mapAt, textAt, textsAt } from './loose.ts'
import { invalid, type Subject, type ValidationError, withoutValue } from './validation-error.ts'

export type Labels = Readonly<Record<string, string>>

export interface LabelSelector {
  readonly matchLabels?: Labels
  readonly matchExpressions?: readonly { readonly key?: string; readonly operator?: string; readonly values?: readonly string[] }[]
}

/** A selector that no type has looked at; an absent one has nothing wrong. */
export function selectorAt(value: unknown, key: string): LabelSelector {
  const selector = mapAt(value, key)
  return {
    matchLabels: textsAt(selector, 'matchLabels'),
    matchExpressions: (listAt(selector, 'matchExpressions') ?? []).map((entry) => ({
      key: textAt(entry, 'key'), operator: textAt(entry, 'operator'), values: (listAt(entry, 'values') ?? []).filter((each) => typeof each === 'string'),
    })),
  }
}

/** apimachinery meta/v1/validation ValidateLabels. Go looks at them in random order; here by key. */
export function validateLabels(subject: Subject, labels: Labels | undefined, path: FieldPath): readonly ValidationError[] {
  return Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([key, value]) => {
    const at = { field: path.field, pointer: child(path, key).pointer }
    return [...isQualifiedName(key).map((message) => invalid(subject, at, key, message)),
      ...isValidLabelValue(value).map((message) => invalid(subject, at, value, message))]
  })
}

/** apimachinery meta/v1/validation ValidateLabelSelector */
export function validateLabelSelector(subject: Subject, selector: LabelSelector, path: FieldPath): readonly ValidationError[] {
  return [
    ...validateLabels(subject, selector.matchLabels, child(path, 'matchLabels')),
    ...(selector.matchExpressions ?? []).flatMap((expression, index) => {
      const at = item(child(path, 'matchExpressions'), index)
      const { key = '', operator = '', values = [] } = expression
      return [
        ...validateOperator(subject, operator, values, at),
        ...isQualifiedName(key).map((message) => invalid(subject, child(at, 'key'), key, message)),
        ...validateValues(subject, values, child(at, 'values')),
      ]
    }),
  ]
}

/** Since apimachinery 0.27 the values of a requirement are looked at too. */
function validateValues(subject: Subject, values: readonly string[], path: FieldPath): readonly ValidationError[] {
  if (!subject.texts.selectorValues) return []
  return values.flatMap((value, index) => isValidLabelValue(value).map((message) => invalid(subject, item(path, index), value, message)))
}

export function validateOperator(subject: Subject, operator: string, values: readonly string[], path: FieldPath): readonly ValidationError[] {
  switch (operator) {
    case 'In': case 'NotIn':
      return values.length > 0 ? [] : [withoutValue(subject, child(path, 'values'), 'Required value', "must be specified when `operator` is 'In' or 'NotIn'")]
    case 'Exists': case 'DoesNotExist':
      return values.length === 0 ? [] : [withoutValue(subject, child(path, 'values'), 'Forbidden', "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")]
    default: return [invalid(subject, child(path, 'operator'), operator, 'not a valid selector operator')]
  }
}

/** What metav1.LabelSelectorAsSelector makes of a selector: nothing matches an absent one, everything an empty one; a requirement it cannot read is an error. */
export function selects(selector: LabelSelector | undefined, labels: Labels): 'all' | 'matches' | 'differs' | 'unreadable' {
  if (selector === undefined) return 'differs'
  const { matchLabels = {}, matchExpressions = [] } = selector
  if (Object.keys(matchLabels).length + matchExpressions.length === 0) return 'all'
  if (!isReadable(selector)) return 'unreadable'
  const matches = Object.entries(matchLabels).every(([key, value]) => labelOf(labels, key) === value) && matchExpressions.every(({ key = '', operator, values = [] }) => {
    const value = labelOf(labels, key)
    switch (operator) {
      case 'In': return value !== undefined && values.includes(value)
      case 'NotIn': return value === undefined || !values.includes(value)
      case 'Exists': return value !== undefined
      default: return value === undefined
    }
  })
  return matches ? 'matches' : 'differs'
}

/** labels.NewRequirement */
function isReadable({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  const readable = (key: string, values: readonly string[]): boolean => isQualifiedName(key).length === 0 && values.every((value) => isValidLabelValue(value).length === 0)
  return Object.entries(matchLabels).every(([key, value]) => readable(key, [value])) && matchExpressions.every(({ key = '', operator = '', values = [] }) =>
    readable(key, values) && (operator === 'In' || operator === 'NotIn' ? values.length > 0 : (operator === 'Exists' || operator === 'DoesNotExist') && values.length === 0))
}

function labelOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined
}
