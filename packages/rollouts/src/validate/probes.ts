import { child, type FieldPath } from './field-path.ts'
import { isValidPortName, isValidPortNumber } from './kube-names.ts'
import { fieldAt, listAt, mapAt, numberAt, textAt } from './loose.ts'
import { nonNegative } from './non-negative.ts'
import { invalid, notSupported, type Subject, type ValidationError, withoutValue } from './validation-error.ts'

/** core/validation:3223 validateProbe; liveness and startup probes succeed once (:3184), a readiness probe has no grace period of its own (:3197). */
export function validateProbe(subject: Subject, probe: unknown, kind: 'livenessProbe' | 'readinessProbe' | 'startupProbe', path: FieldPath): readonly ValidationError[] {
  if (probe === undefined) return []
  const once = kind !== 'readinessProbe'
  const grace = numberAt(probe, 'terminationGracePeriodSeconds')
  const success = numberAt(probe, 'successThreshold') || 1
  return [
    ...validateHandler(subject, probe, path),
    ...['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'].flatMap((key) => nonNegative(subject, numberAt(probe, key) ?? 0, child(path, key))),
    ...(grace !== undefined && grace <= 0 ? [invalid(subject, child(path, 'terminationGracePeriodSeconds'), grace, 'must be greater than 0')] : []),
    ...(grace !== undefined && !once ? [invalid(subject, child(path, 'terminationGracePeriodSeconds'), grace, 'must not be set for readinessProbes')] : []),
    ...(once && success !== 1 ? [invalid(subject, child(path, 'successThreshold'), success, 'must be 1')] : []),
  ]
}

/** core/validation:3424 validateHandler */
export function validateHandler(subject: Subject, handler: unknown, path: FieldPath): readonly ValidationError[] {
  const [first, ...others] = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'].filter((kind) => mapAt(handler, kind) !== undefined)
  if (first === undefined) return [withoutValue(subject, path, 'Required value', 'must specify a handler type')]
  return [
    ...validateAction(subject, first, mapAt(handler, first), child(path, first)),
    ...others.map((kind) => withoutValue(subject, child(path, kind), 'Forbidden', 'may not specify more than 1 handler type')),
  ]
}

function validateAction(subject: Subject, kind: string, action: unknown, path: FieldPath): readonly ValidationError[] {
  switch (kind) {
    case 'exec': return (listAt(action, 'command') ?? []).length > 0 ? [] : [withoutValue(subject, child(path, 'command'), 'Required value', '')]
    case 'httpGet': {
      // core/v1 SetDefaults_HTTPGetAction: path / and scheme HTTP
      const scheme = textAt(action, 'scheme') || 'HTTP'
      return [...validatePort(subject, fieldAt(action, 'port'), child(path, 'port')),
        ...(['HTTP', 'HTTPS'].includes(scheme) ? [] : [notSupported(subject, child(path, 'scheme'), scheme, ['HTTP', 'HTTPS'])])]
    }
    case 'tcpSocket': return validatePort(subject, fieldAt(action, 'port'), child(path, 'port'))
    case 'grpc': {
      const port = numberAt(action, 'port') ?? 0
      return isValidPortNumber(port).map((message) => invalid(subject, child(path, 'port'), port, message))
    }
    default: return []
  }
}

/** core/validation:3402 ValidatePortNumOrName */
function validatePort(subject: Subject, port: unknown, path: FieldPath): readonly ValidationError[] {
  if (typeof port === 'string') return isValidPortName(port).map((message) => invalid(subject, path, port, message))
  const number = typeof port === 'number' ? port : 0
  return isValidPortNumber(number).map((message) => invalid(subject, path, number, message))
}
