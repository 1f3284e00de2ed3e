import { child, type FieldPath, item } from './field-path.ts'
import { toleration as tolerationType } from './go-types.ts'
import { isQualifiedName, isValidLabelValue } from './kube-names.ts'
import { fieldAt, textAt } from './loose.ts'
import { invalid, notSupported, type Subject, type ValidationError } from './validation-error.ts'

/** core/validation:4268 ValidateTolerations */
export function validateTolerations(subject: Subject, tolerations: readonly unknown[], path: FieldPath): readonly ValidationError[] {
  return tolerations.flatMap((toleration, index) => {
    const at = item(path, index)
    const [key, operator, effect] = [textAt(toleration, 'key'), textAt(toleration, 'operator'), textAt(toleration, 'effect')]
    return [
      ...(key === '' ? [] : isQualifiedName(key).map((message) => invalid(subject, child(at, 'key'), key, message))),
      ...(key === '' && operator !== 'Exists'
        ? [invalid(subject, child(at, 'operator'), operator, 'operator must be Exists when `key` is empty, which means "match all values and all keys"')] : []),
      ...(typeof fieldAt(toleration, 'tolerationSeconds') === 'number' && effect !== 'NoExecute'
        ? [invalid(subject, child(at, 'effect'), effect, "effect must be 'NoExecute' when `tolerationSeconds` is set")] : []),
      ...validateValue(subject, toleration, operator, at),
      ...(['', ...effects].includes(effect) ? [] : [notSupported(subject, child(at, 'effect'), effect, effects)]),
    ]
  })
}

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

/** What is wrong with the value is said of the operator. */
function validateValue(subject: Subject, toleration: unknown, operator: string, path: FieldPath): readonly ValidationError[] {
  const value = textAt(toleration, 'value')
  const at = { field: child(path, 'operator').field, pointer: child(path, value === '' ? 'operator' : 'value').pointer }
  switch (operator) {
    case '': case 'Equal': {
      const messages = isValidLabelValue(value)
      return messages.length === 0 ? [] : [invalid(subject, at, value, messages.join(';'))]
    }
    case 'Exists':
      return value === '' ? []
        : [invalid(subject, at, subject.texts.badValues === 'json' ? value : { value: toleration, type: tolerationType }, "value must be empty when `operator` is 'Exists'")]
    default: return [notSupported(subject, child(path, 'operator'), operator, ['Equal', 'Exists'])]
  }
}
