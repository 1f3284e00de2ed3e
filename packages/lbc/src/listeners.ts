import { mapAnnotation } from './annotations.ts'
import { enhanceBackend } from './backend.ts'
import type { BuildTask } from './build-task.ts'
import { failure, wrap } from './controller-error.ts'
import type { Member } from './group.ts'
import type { Listener, ListenerAction, ListenerProtocol, ListenerRule } from './load-balancer.ts'
import { checkTags } from './load-balancer-settings.ts'
import { buildActions } from './rule-actions.ts'
import { buildConditions } from './rule-conditions.ts'
import { optimizeRules } from './rule-optimizer.ts'
import { sortPaths } from './sort-paths.ts'

/** model_build_listener.go:27 buildListener and model_build_listener_rules.go:19 buildListenerRules: one port with the members that listen on it. */
export function buildListener(port: number, protocol: ListenerProtocol, members: readonly Member[], task: BuildTask): Listener {
  const defaultActions = buildDefaultActions(protocol, members, task)
  checkTags(members, task.profile)
  checkListenerAttributes(port, protocol, members, task)
  if (task.sslRedirectPort !== undefined && protocol === 'HTTP') return { port, protocol, defaultActions, rules: [] }
  const rules = members.flatMap((member) => buildRules(protocol, member, task))
  return { port, protocol, defaultActions, rules: optimizeRules(rules, port, protocol).map((rule, i) => ({ priority: i + 1, ...rule })) }
}

/** model_build_listener.go:72 buildListenerDefaultActions; its errors do not name the Ingress. */
function buildDefaultActions(protocol: ListenerProtocol, members: readonly Member[], task: BuildTask): readonly ListenerAction[] {
  if (task.sslRedirectPort !== undefined && protocol === 'HTTP') {
    return [{ type: 'redirect', redirectConfig: { port: String(task.sslRedirectPort), protocol: 'HTTPS', statusCode: 'HTTP_301' } }]
  }
  const having = members.filter((member) => member.ingress.defaultBackend !== undefined)
  const [only] = having
  if (having.length > 1) throw failure(`multiple ingress defined default backend: [${having.map((member) => member.ingress.key).join(' ')}]`)
  if (only?.ingress.defaultBackend === undefined) {
    return [{ type: 'fixed-response', fixedResponseConfig: { contentType: 'text/plain', statusCode: '404' } }]
  }
  return buildActions(protocol, only, enhanceBackend(only, only.ingress.defaultBackend, task), task)
}

function buildRules(protocol: ListenerProtocol, member: Member, task: BuildTask): readonly Omit<ListenerRule, 'priority'>[] {
  return member.ingress.rules.flatMap((rule, ruleIndex) => sortPaths(rule.paths ?? []).map(({ path, index }) => wrap(`ingress: ${member.ingress.key}`, () => {
    const backend = enhanceBackend(member, path.backend, task)
    const conditions = buildConditions(member, rule, path, backend.conditions, task.profile)
    const actions = buildActions(protocol, member, backend, task)
    mapAnnotation(member.annotations, 'tags', task.profile.keyValuePairs)
    const transforms = backend.transforms.length === 0 ? {} : { transforms: backend.transforms }
    return { conditions, actions, ...transforms, from: { ingress: member.ingress.key, rule: ruleIndex, path: index } }
  })))
}

/** model_build_listener.go:452 buildIngressGroupListenerAttributes: attributes of the class of the first member settle a contradiction. */
function checkListenerAttributes(port: number, protocol: ListenerProtocol, members: readonly Member[], task: BuildTask): void {
  if (task.profile.listenerAttributes === 'unknown') return
  const ofClass = members[0]?.class.params?.listeners.find((one) => one.protocol === protocol && one.port === port)?.attributes
  const seen = new Map<string, string>()
  for (const member of members) {
    for (const [key, value] of mapAnnotation(member.annotations, `listener-attributes.${protocol}-${port}`, task.profile.keyValuePairs) ?? []) {
      const earlier = seen.get(key)
      if (earlier !== undefined && earlier !== value && ofClass?.has(key) !== true) {
        throw failure(`conflicting listener attributes ${key}: ${earlier} | ${value} for ingress ${member.ingress.key}`)
      }
      seen.set(key, value)
    }
  }
}
