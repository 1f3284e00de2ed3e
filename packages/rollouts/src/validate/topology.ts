import { child, type FieldPath, item } from './field-path.ts'
import { selectorAt, validateLabelSelector } from './labels.ts'
import { fieldAt, numberAt, textAt } from './loose.ts'
import { duplicate, invalid, notSupported, type Subject, type ValidationError, withoutValue } from './validation-error.ts'

const actions = ['DoNotSchedule', 'ScheduleAnyway']
const policies = ['Honor', 'Ignore']

/** core/validation:8437 validateTopologySpreadConstraints */
export function validateTopology(subject: Subject, constraints: readonly unknown[], path: FieldPath): readonly ValidationError[] {
  return constraints.flatMap((constraint, index) => {
    const at = item(path, index)
    const [key, action] = [textAt(constraint, 'topologyKey'), textAt(constraint, 'whenUnsatisfiable')]
    const again = constraints.slice(index + 1).some((later) => textAt(later, 'topologyKey') === key && textAt(later, 'whenUnsatisfiable') === action)
    return [
      ...validatePositive(subject, numberAt(constraint, 'maxSkew') ?? 0, child(at, 'maxSkew')),
      ...(key === '' ? [withoutValue(subject, child(at, 'topologyKey'), 'Required value', 'can not be empty')] : []),
      ...(actions.includes(action) ? [] : [notSupported(subject, child(at, 'whenUnsatisfiable'), action, actions)]),
      ...(again ? [duplicate(subject, { field: child(at, '{topologyKey, whenUnsatisfiable}').field, pointer: at.pointer }, `{${key}, ${action}}`)] : []),
      ...validateMinDomains(subject, numberAt(constraint, 'minDomains'), action, child(at, 'minDomains')),
      ...['nodeAffinityPolicy', 'nodeTaintsPolicy'].flatMap((name) => {
        const policy = fieldAt(constraint, name)
        return typeof policy !== 'string' || policies.includes(policy) ? [] : [notSupported(subject, child(at, name), policy, policies)]
      }),
      ...(subject.texts.topologySelectors ? validateLabelSelector(subject, selectorAt(constraint, 'labelSelector'), child(at, 'labelSelector')) : []),
    ]
  })
}

function validatePositive(subject: Subject, value: number, path: FieldPath): readonly ValidationError[] {
  return value > 0 ? [] : [invalid(subject, path, value, 'must be greater than zero')]
}

function validateMinDomains(subject: Subject, domains: number | undefined, action: string, path: FieldPath): readonly ValidationError[] {
  if (domains === undefined) return []
  return [...validatePositive(subject, domains, path),
    ...(action === 'DoNotSchedule' ? [] : [invalid(subject, path, domains, `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`)])]
}
