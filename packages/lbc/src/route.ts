import type { RedirectConfig } from './action-config.ts'
import { awsRefusals } from './aws-refusals.ts'
import type { ForwardTarget, Listener, ListenerAction, ListenerProtocol, LoadBalancer, RuleOrigin } from './load-balancer.ts'
import { matchCondition } from './match-condition.ts'
import { type AlbRequest, type SeenRequest, seenRequest } from './request.ts'
import type { Transform } from './transform-config.ts'

/** A target group that a request can reach; `share` is its part of such requests, 0 to 1. */
export type RoutedTarget = ForwardTarget & { readonly share: number }

/** What decided: a rule with the path of the Ingress that made it, or the default action of the listener. */
export type Decider = { readonly by: 'rule'; readonly priority: number; readonly from: RuleOrigin } | { readonly by: 'default action' }

interface Decided {
  readonly listener: { readonly port: number; readonly protocol: ListenerProtocol }
  readonly decided: Decider
  /** What stands before the target: the client must pass it first. */
  readonly authenticates: readonly ('cognito' | 'oidc' | 'jwt')[]
  readonly transforms: readonly Transform[]
}

interface Explained {
  /** One line. */
  readonly because: string
  /** What the answer leans on and nobody here can know: an assumption, a rule that AWS would refuse, sticky clients. */
  readonly doubts: readonly string[]
}

/** Where one request goes. */
export type RouteAnswer = Explained & (
  | Decided & { readonly reaches: 'target-groups'; readonly targets: readonly RoutedTarget[] }
  | Decided & { readonly reaches: 'redirect'; readonly location: string; readonly statusCode: string }
  | Decided & { readonly reaches: 'fixed-response'; readonly statusCode: string; readonly contentType?: string; readonly messageBody?: string }
  | { readonly reaches: 'nothing' }
  | { readonly reaches: 'unverified' }
)

/** Which rule of a load balancer a request meets, and what that rule does with it: by ascending priority, all conditions of a rule must hold (AWS documentation). */
export function route(loadBalancer: LoadBalancer, request: AlbRequest): RouteAnswer {
  const listener = chooseListener(loadBalancer, request)
  const doubts = doubtsOf(loadBalancer, listener)
  if (listener === undefined) return { reaches: 'nothing', because: noListener(loadBalancer, request), doubts }
  const seen = seenRequest(request)
  const { port, protocol } = listener
  const at = { listener: { port, protocol }, authenticates: [], transforms: [] }
  for (const rule of listener.rules) {
    const matches = rule.conditions.map((condition) => matchCondition(condition, seen))
    if (matches.some(({ holds }) => holds === 'no')) continue
    const { from, priority } = rule
    const place = `rule ${priority} of listener ${port} (${from.ingress}, spec.rules[${from.rule}].http.paths[${from.path}])`
    const unknown = matches.find(({ holds }) => holds === 'unknown')
    if (unknown !== undefined) return { reaches: 'unverified', because: `${place}: ${unknown.because}`, doubts }
    const because = `${place}: ${matches.map((match) => match.because).join('; ')}`
    return perform(rule.actions, { ...at, decided: { by: 'rule', priority, from }, transforms: rule.transforms ?? [] }, seen, { because, doubts })
  }
  const because = `no rule of listener ${port} matches, so its default action answers`
  return perform(listener.defaultActions, { ...at, decided: { by: 'default action' } }, seen, { because, doubts })
}

/** The listener a request comes to: by port, by protocol, else the only one, else HTTPS before HTTP, the standard port before another. */
function chooseListener({ listeners }: LoadBalancer, request: AlbRequest): Listener | undefined {
  const open = listeners.filter(({ port, protocol }) => (request.port ?? port) === port && (request.protocol ?? protocol) === protocol)
  return open.find(({ port }) => port === 443) ?? open.find(({ port }) => port === 80) ?? open.find(({ protocol }) => protocol === 'HTTPS') ?? open[0]
}

function noListener({ listeners, group }: LoadBalancer, { protocol, port }: AlbRequest): string {
  if (listeners.length === 0) return `there is no load balancer ${group}: no Ingress is a member of it`
  const asked = [protocol, port === undefined ? undefined : `port ${port}`].filter((part) => part !== undefined).join(' ')
  return `no listener for ${asked}; there is ${listeners.map((one) => `${one.protocol} ${one.port}`).join(', ')}`
}

function doubtsOf(loadBalancer: LoadBalancer, listener: Listener | undefined): readonly string[] {
  const refused = awsRefusals(loadBalancer).filter(({ port }) => port === listener?.port)
  return [...loadBalancer.assumes, ...refused.map(({ priority, because }) => `AWS would refuse ${priority === undefined ? 'the listener' : `rule ${priority}`}: ${because}`)]
}

function perform(actions: readonly ListenerAction[], decided: Decided, request: SeenRequest, explained: Explained): RouteAnswer {
  const authenticates = actions.flatMap((action) => authenticator(action))
  const last = actions.at(-1)
  const base = { ...decided, authenticates, ...explained }
  switch (last?.type) {
    case 'forward': return forward(last.forwardConfig, base)
    case 'redirect': return { ...base, reaches: 'redirect', location: locationOf(last.redirectConfig, base.listener, request), statusCode: last.redirectConfig.statusCode }
    case 'fixed-response': return { ...base, reaches: 'fixed-response', ...last.fixedResponseConfig }
    default: return { reaches: 'unverified', because: `${explained.because}, but its last action does not route`, doubts: explained.doubts }
  }
}

function authenticator(action: ListenerAction): readonly ('cognito' | 'oidc' | 'jwt')[] {
  switch (action.type) {
    case 'authenticate-cognito': return ['cognito']
    case 'authenticate-oidc': return ['oidc']
    case 'jwt-validation': return ['jwt']
    default: return []
  }
}

function forward(config: (ListenerAction & { type: 'forward' })['forwardConfig'], base: Decided & Explained): RouteAnswer {
  const { targetGroups } = config
  const weights = targetGroups.map(({ weight }) => weight ?? (targetGroups.length === 1 ? 1 : 0))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  if (sum <= 0 || weights.some((weight) => weight < 0)) {
    return { reaches: 'unverified', because: `${base.because}, but the weights are ${weights.join(', ') || 'missing'}: what ALB does then is not documented`, doubts: base.doubts }
  }
  const sticky = config.targetGroupStickinessConfig?.enabled === true ? ['stickiness is on: a client with a cookie stays with its target group'] : []
  const targets = targetGroups.map((target, i) => ({ ...target, share: (weights[i] ?? 0) / sum }))
  return { ...base, reaches: 'target-groups', targets, doubts: [...base.doubts, ...sticky] }
}

/** Where ALB sends the client: a part that is not set is kept. */
function locationOf(redirect: RedirectConfig, { port, protocol }: Decided['listener'], request: SeenRequest): string {
  const kept = new Map([['protocol', protocol], ['host', request.host], ['port', String(port)], ['path', request.path.replace(/^\//, '')], ['query', request.queryText]])
  const fill = (text: string): string => text.replace(/#\{(protocol|host|port|path|query)\}/g, (_, name: string) => kept.get(name) ?? '')
  const scheme = fill(redirect.protocol ?? '#{protocol}').toLowerCase()
  const query = fill(redirect.query ?? '#{query}')
  return `${scheme}://${fill(redirect.host ?? '#{host}')}:${fill(redirect.port ?? '#{port}')}${fill(redirect.path ?? '/#{path}')}${query === '' ? '' : `?${query}`}`
}
