import { type ActionConfig, forwardTo, readAction, respond503 } from './action-config.ts'
import { mergeAnnotations } from './annotations.ts'
import { type AuthConfig, readAuth } from './auth-config.ts'
import type { BuildTask } from './build-task.ts'
import type { Backend } from './cluster.ts'
import { type ConditionConfig, readConditions } from './condition-config.ts'
import { failure, inMapOrder } from './controller-error.ts'
import { annotationsOf, type Member } from './group.ts'
import { type JwtValidation, readJwtValidation } from './jwt-config.ts'
import { readTransforms, type Transform } from './transform-config.ts'

/** A backend of an Ingress with all that annotations add to it (enhanced_backend_builder.go EnhancedBackend). */
export interface EnhancedBackend {
  readonly conditions: readonly ConditionConfig[]
  readonly transforms: readonly Transform[]
  readonly action: ActionConfig
  readonly auth: AuthConfig
  readonly jwt: JwtValidation | undefined
}

/** enhanced_backend_builder.go:107 Build; the order of the steps decides which error is told. */
export function enhanceBackend(member: Member, backend: Backend, task: BuildTask): EnhancedBackend {
  const { service } = backend
  if (service === undefined) throw failure('missing required "service" field')
  const conditions = readConditions(member.annotations, service.name, task.profile)
  const transforms = readTransforms(member.annotations, service.name, task.profile)
  const written = service.portName === 'use-annotation'
    ? actionViaAnnotation(member, service.name, task)
    : forwardTo(service.name, service.portName === '' ? service.portNumber : service.portName)
  const action = withExistingServices(written, member, task)
  return { conditions, transforms, action, auth: authOf(action, member, task), jwt: readJwtValidation(member.annotations, task.profile) }
}

function actionViaAnnotation(member: Member, service: string, task: BuildTask): ActionConfig {
  const action = readAction(member.annotations, service, task.profile)
  if (action !== undefined) return action
  if (task.cluster.options?.tolerateNonExistentBackendAction ?? true) return respond503('Backend action does not exist')
  throw failure(`missing actions.${service} configuration`)
}

/** enhanced_backend_builder.go:270 loadBackendServices: only a forward to one single missing Service is tolerated. */
function withExistingServices(action: ActionConfig, member: Member, task: BuildTask): ActionConfig {
  if (action.type !== 'forward') return action
  const targetGroups = action.forwardConfig.targetGroups ?? []
  const names = [...new Set(targetGroups.flatMap((group) => group.serviceName ?? []))]
  const missing = names.filter((name) => !task.services.has(`${member.ingress.namespace}/${name}`))
  if (missing.length === 0) return action
  const tolerated = (task.cluster.options?.tolerateNonExistentBackendService ?? true) && targetGroups.length === 1 && names.length === 1
  if (tolerated) return respond503('Backend service does not exist')
  inMapOrder(missing.map((name) => () => {
    throw failure(`Service "${name}" not found`)
  }))
  return action
}

/** enhanced_backend_builder.go:303 buildAuthConfig: with exactly one target group, the annotations of its Service win over those of the Ingress. */
function authOf(action: ActionConfig, member: Member, task: BuildTask): AuthConfig {
  const targetGroups = action.type === 'forward' ? (action.forwardConfig.targetGroups ?? []) : []
  const name = targetGroups.length === 1 ? targetGroups[0]?.serviceName : undefined
  const service = name === undefined ? undefined : task.services.get(`${member.ingress.namespace}/${name}`)
  return readAuth(service === undefined ? member.annotations : mergeAnnotations(annotationsOf(service, task.cluster), member.annotations))
}
