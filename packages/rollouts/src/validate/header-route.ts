import type { CanaryStep, StringMatch, TrafficRouting } from '../rollout.ts'
import { child, type FieldPath, item } from './field-path.ts'
import { setHeaderRoute as setHeaderRouteType, stringMatch } from './go-types.ts'
import { hasPlugins } from './plugins.ts'
import { invalid, type Subject, type ValidationError } from './validation-error.ts'

const missed = 'StringMatch value missed, match value must have one of the following: exact, regex, prefix'

/** validation.go:337: setHeaderRoute of one step. */
export function validateHeaderRoute(subject: Subject, routing: TrafficRouting | undefined, step: CanaryStep, path: FieldPath): readonly ValidationError[] {
  const route = step.setHeaderRoute
  if (route === undefined) return []
  const at = child(path, 'setHeaderRoute')
  const supported = routing !== undefined && (routing['istio'] !== undefined || routing.alb !== undefined || routing['apisix'] !== undefined ||
    (subject.texts.headerRoutePlugins && hasPlugins(routing)))
  if (!supported) return [invalid(subject, at, { value: route, type: setHeaderRouteType }, 'SetHeaderRoute requires TrafficRouting, supports Istio and ALB and Apisix')]
  return (route.match ?? []).flatMap((match, index) => {
    const place = item(child(at, 'match'), index)
    const value = { field: place.field, pointer: child(place, 'headerValue').pointer }
    if (match.headerValue === null) return [invalid(subject, { field: place.field, pointer: place.pointer }, null, missed)]
    return routing.alb === undefined ? validateMatchValue(subject, match.headerValue, value) : validateAlbValue(subject, match.headerValue, value)
  })
}

/** validation.go:512 hasALBInvalidValues */
function validateAlbValue(subject: Subject, match: StringMatch, path: FieldPath): readonly ValidationError[] {
  if (isSet(match.exact) && !isSet(match.regex) && !isSet(match.prefix)) return []
  return [invalid(subject, path, { value: match, type: stringMatch }, "SetHeaderRoute match value invalid. ALB supports 'exact' value only")]
}

/** validation.go:525 hasMultipleMatchValues */
export function validateMatchValue(subject: Subject, match: StringMatch, path: FieldPath): readonly ValidationError[] {
  const set = [match.exact, match.regex, match.prefix].filter(isSet).length
  if (set === 1) return []
  const text = set === 0 ? missed : 'StringMatch match value must have exactly one of the following: exact, regex, prefix'
  return [invalid(subject, path, { value: match, type: stringMatch }, text)]
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== ''
}
