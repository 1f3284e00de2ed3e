import type { ForwardConfig, TargetGroupConfig } from './action-config.ts'
import type { EnhancedBackend } from './backend.ts'
import type { BuildTask } from './build-task.ts'
import { failure } from './controller-error.ts'
import type { Member } from './group.ts'
import type { ForwardTarget, ListenerAction, ListenerProtocol } from './load-balancer.ts'
import { buildTargetGroup } from './target-group.ts'

/** model_build_actions.go:17 buildActions: on HTTPS the authentication first, then what routes. */
export function buildActions(protocol: ListenerProtocol, member: Member, backend: EnhancedBackend, task: BuildTask): readonly ListenerAction[] {
  if (protocol === 'HTTP') return [buildBackendAction(member, backend, task)]
  const auth = buildAuthAction(member, backend, task)
  if (auth.length > 0 && backend.jwt !== undefined) throw failure("authentication and jwt validation can't both be configured")
  const jwt: readonly ListenerAction[] = backend.jwt === undefined ? [] : [{ type: 'jwt-validation', jwtValidationConfig: backend.jwt }]
  return [...auth, ...jwt, buildBackendAction(member, backend, task)]
}

function buildAuthAction(member: Member, { auth }: EnhancedBackend, task: BuildTask): readonly ListenerAction[] {
  switch (auth.type) {
    case 'none': return []
    case 'cognito':
      if (auth.cognito === undefined) throw failure('missing IDPConfigCognito')
      return [{ type: 'authenticate-cognito', authenticateCognitoConfig: { ...auth.cognito, ...auth.session } }]
    case 'oidc':
      if (auth.oidc === undefined) throw failure('missing IDPConfigOIDC')
      task.assumes.add(`Secret ${member.ingress.namespace}/${auth.oidc.secretName} holds clientID and clientSecret`)
      return [{ type: 'authenticate-oidc', authenticateOidcConfig: { ...auth.oidc, ...auth.session } }]
    default: return auth.type satisfies never
  }
}

function buildBackendAction(member: Member, { action }: EnhancedBackend, task: BuildTask): ListenerAction {
  return action.type === 'forward' ? buildForwardAction(member, action.forwardConfig, task) : action
}

/** model_build_actions.go:109 buildForwardAction. */
function buildForwardAction(member: Member, config: ForwardConfig, task: BuildTask): ListenerAction {
  const targetGroups = (config.targetGroups ?? []).map((group) => buildTarget(member, group, task))
  const { targetGroupStickinessConfig } = config
  return {
    type: 'forward',
    forwardConfig: { targetGroups, ...(targetGroupStickinessConfig === undefined ? {} : { targetGroupStickinessConfig }) },
  }
}

function buildTarget(member: Member, group: TargetGroupConfig, task: BuildTask): ForwardTarget {
  const weight = group.weight === undefined ? {} : { weight: group.weight }
  if (group.targetGroupARN !== undefined) return { targetGroupARN: group.targetGroupARN, ...weight }
  if (group.targetGroupName !== undefined) {
    task.assumes.add(`AWS has a target group named ${group.targetGroupName}`)
    return { targetGroupName: group.targetGroupName, ...weight }
  }
  const { namespace } = member.ingress
  const service = task.services.get(`${namespace}/${group.serviceName}`)
  if (service === undefined || group.servicePort === undefined) throw new TypeError('a forward reached its target group without a Service')
  const targetGroup = buildTargetGroup(member, service, group.servicePort, task)
  return { targetGroup, namespace, serviceName: service.name, servicePort: group.servicePort, ...weight }
}
