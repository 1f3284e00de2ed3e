import { type Annotations, jsonAnnotation } from './annotations.ts'
import { failure, wrap } from './controller-error.ts'
import { bool, int, intOrString, type JsonType, namedText, pointer, slice, struct, text } from './go/json-type.ts'
import { parseInteger } from './go/parse-number.ts'
import type { LbcProfile } from './profile.ts'

/** A target group of a forward as it is written: a Service with a port, or the ARN or name of one that exists already. */
export interface TargetGroupConfig {
  readonly targetGroupARN?: string
  readonly targetGroupName?: string
  readonly serviceName?: string
  readonly servicePort?: number | string
  readonly weight?: number
}

export interface ForwardConfig {
  readonly targetGroups?: readonly TargetGroupConfig[]
  readonly targetGroupStickinessConfig?: StickinessConfig
}

export interface StickinessConfig {
  readonly enabled?: boolean
  readonly durationSeconds?: number
}

export interface FixedResponseConfig {
  readonly contentType?: string
  readonly messageBody?: string
  readonly statusCode: string
}

export interface RedirectConfig {
  readonly host?: string
  readonly path?: string
  readonly port?: string
  readonly protocol?: string
  readonly query?: string
  readonly statusCode: string
}

/** What a backend does, checked (config_types.go Action). */
export type ActionConfig =
  | { readonly type: 'forward'; readonly forwardConfig: ForwardConfig }
  | { readonly type: 'redirect'; readonly redirectConfig: RedirectConfig }
  | { readonly type: 'fixed-response'; readonly fixedResponseConfig: FixedResponseConfig }

interface WrittenAction {
  readonly type: string
  readonly targetGroupARN?: string
  readonly targetGroupName?: string
  readonly fixedResponseConfig?: FixedResponseConfig
  readonly redirectConfig?: RedirectConfig
  readonly forwardConfig?: ForwardConfig
}

/** `actions.<service>`, parsed, checked and normalised; undefined where the annotation is absent (enhanced_backend_builder.go buildActionViaAnnotation). */
export function readAction(annotations: Annotations, service: string, profile: LbcProfile): ActionConfig | undefined {
  const written = jsonAnnotation<WrittenAction>(annotations, `actions.${service}`, actionType(profile))
  return written === undefined ? undefined : validated(written, profile)
}

/** A forward to one port of one Service. */
export function forwardTo(serviceName: string, servicePort: number | string): ActionConfig {
  return { type: 'forward', forwardConfig: { targetGroups: [{ serviceName, servicePort }] } }
}

/** enhanced_backend_builder.go build503ResponseAction. */
export function respond503(messageBody: string): ActionConfig {
  return { type: 'fixed-response', fixedResponseConfig: { contentType: 'text/plain', statusCode: '503', messageBody } }
}

function actionType(profile: LbcProfile): JsonType {
  const optional = pointer(text)
  const targetName = profile.targetGroupNames === 'known' ? { targetGroupName: optional } : {}
  const tuple = struct('TargetGroupTuple', {
    targetGroupARN: optional, ...targetName, serviceName: optional, servicePort: pointer(intOrString), weight: pointer(int(profile.integers)),
  })
  const stickiness = struct('TargetGroupStickinessConfig', { enabled: pointer(bool), durationSeconds: pointer(int(profile.integers)) })
  return struct('Action', {
    type: namedText('ActionType'),
    targetGroupARN: optional,
    ...targetName,
    fixedResponseConfig: pointer(struct('FixedResponseActionConfig', { contentType: optional, messageBody: optional, statusCode: text })),
    redirectConfig: pointer(struct('RedirectActionConfig', {
      host: optional, path: optional, port: optional, protocol: optional, query: optional, statusCode: text,
    })),
    forwardConfig: pointer(struct('ForwardActionConfig', { targetGroups: slice(tuple), targetGroupStickinessConfig: pointer(stickiness) })),
  })
}

/** config_types.go Action.validate. */
function validated(action: WrittenAction, profile: LbcProfile): ActionConfig {
  switch (action.type) {
    case 'fixed-response':
      if (action.fixedResponseConfig === undefined) throw failure('missing FixedResponseConfig')
      if (action.fixedResponseConfig.statusCode === '') throw failure('invalid FixedResponseConfig: statusCode is required')
      return { type: 'fixed-response', fixedResponseConfig: action.fixedResponseConfig }
    case 'redirect':
      if (action.redirectConfig === undefined) throw failure('missing RedirectConfig')
      if (action.redirectConfig.statusCode === '') throw failure('invalid RedirectConfig: statusCode is required')
      return { type: 'redirect', redirectConfig: action.redirectConfig }
    case 'forward': return validatedForward(action, profile)
    default: throw failure(`unknown action type: ${action.type}`)
  }
}

function validatedForward(action: WrittenAction, profile: LbcProfile): ActionConfig {
  const { targetGroupARN, targetGroupName, forwardConfig } = action
  const named = targetGroupARN !== undefined || targetGroupName !== undefined
  const known = profile.targetGroupNames === 'known'
  if (!named && forwardConfig === undefined) {
    throw failure(known ? 'missing ForwardConfig or TargetGroupARN/TargetGroupName' : 'precisely one of TargetGroupArn and ForwardConfig can be specified')
  }
  if (named && forwardConfig !== undefined) {
    throw failure(known ? 'either ForwardConfig or TargetGroupARN/TargetGroupName can be specified' : 'precisely one of TargetGroupArn and ForwardConfig can be specified')
  }
  if (forwardConfig === undefined) {
    const group = { ...(targetGroupARN === undefined ? {} : { targetGroupARN }), ...(targetGroupName === undefined ? {} : { targetGroupName }) }
    return { type: 'forward', forwardConfig: { targetGroups: [group] } }
  }
  const targetGroups = forwardConfig.targetGroups ?? []
  wrap('invalid ForwardConfig', () => {
    for (const group of targetGroups) wrap('invalid TargetGroupTuple', () => validateTargetGroup(group, profile))
    if (targetGroups.length > 1 && targetGroups.some((group) => group.weight === undefined)) {
      throw failure('weight must be set when route to multiple target groups')
    }
  })
  return { type: 'forward', forwardConfig: { ...forwardConfig, targetGroups: targetGroups.map(withNormalPort) } }
}

/** config_types.go TargetGroupTuple.validate. */
function validateTargetGroup(group: TargetGroupConfig, profile: LbcProfile): void {
  const named = group.targetGroupARN !== undefined || group.targetGroupName !== undefined
  const service = group.serviceName !== undefined
  if (named === service) {
    if (profile.targetGroupNames === 'unknown') throw failure('precisely one of targetGroupARN and serviceName can be specified')
    throw failure(service ? 'either serviceName or targetGroupARN/targetGroupName can be specified' : 'missing serviceName or targetGroupARN/targetGroupName')
  }
  if (service && group.servicePort === undefined) throw failure('missing servicePort')
}

/** enhanced_backend_builder.go:257 normalizeServicePortForBackwardsCompatibility: a numeric string is a number. */
function withNormalPort(group: TargetGroupConfig): TargetGroupConfig {
  if (group.servicePort === undefined) return group
  const parsed = parseInteger(String(group.servicePort), 32)
  return { ...group, servicePort: parsed.ok ? parsed.value : String(group.servicePort) }
}
