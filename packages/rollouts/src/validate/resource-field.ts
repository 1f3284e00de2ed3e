import { child, type FieldPath } from './field-path.ts'
import { fieldAt, type Json, textAt } from './loose.ts'
import { parseQuantity, printQuantity } from './quantity.ts'
import { invalid, notSupported, type Subject, type ValidationError, withoutValue } from './validation-error.ts'

const resources = ['cpu', 'ephemeral-storage', 'memory']
const fields = [...resources.map((name) => `limits.${name}`), ...resources.map((name) => `requests.${name}`)]
const hugepages = /^(limits|requests)\.hugepages-/
const bytes = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei']
const byteKinds = [['memory', 'memory'], ['ephemeral-storage', 'local ephemeral storage'], ['hugepages-', 'hugepages']] as const

/** core/validation validateContainerResourceFieldSelector */
export function validateResourceField(subject: Subject, ref: Json | undefined, path: FieldPath): readonly ValidationError[] {
  if (ref === undefined) return []
  const field = textAt(ref, 'resource')
  return [
    ...(field === '' ? [withoutValue(subject, child(path, 'resource'), 'Required value', '')] : []),
    ...(field === '' || fields.includes(field) || hugepages.test(field) ? [] : [notSupported(subject, child(path, 'resource'), field, fields)]),
    ...validateDivisor(subject, ref, field, child(path, 'divisor')),
  ]
}

/** The value that is printed is the resource, not the divisor. */
function validateDivisor(subject: Subject, ref: Json, field: string, path: FieldPath): readonly ValidationError[] {
  const quantity = parseQuantity(fieldAt(ref, 'divisor'))
  if (quantity === undefined || quantity.milli === 0n) return []
  const [, resource = ''] = /^(?:limits|requests)\.(.*)$/.exec(field) ?? []
  const printed = printQuantity(quantity)
  if (resource === 'cpu') {
    return ['1', '1m'].includes(printed) ? [] : [invalid(subject, path, field, "only divisor's values 1m and 1 are supported with the cpu resource")]
  }
  const kind = byteKinds.find(([name]) => name.endsWith('-') ? resource.startsWith(name) : resource === name)
  return kind === undefined || bytes.includes(printed) ? []
    : [invalid(subject, path, field, `only divisor's values ${bytes.join(', ')} are supported with the ${kind[1]} resource`)]
}

/** Whether the divisor is one that Go prints otherwise than this model would: below a thousandth, or of a rare spelling. */
export function isUnreadDivisor(ref: Json | undefined): boolean {
  const divisor = fieldAt(ref, 'divisor')
  return divisor !== undefined && (parseQuantity(divisor) === undefined || /[nu]$|\.\d{4}|e-/.test(String(divisor)))
}
