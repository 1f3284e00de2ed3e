import type { FixedResponseConfig, RedirectConfig, StickinessConfig } from './action-config.ts'
import type { AuthSession, CognitoProvider, OidcProvider } from './auth-config.ts'
import type { PatternConfig, QueryPair } from './condition-config.ts'
import type { JwtValidation } from './jwt-config.ts'
import type { Transform } from './transform-config.ts'

/** One load balancer as the controller asks AWS for it, cut to what decides where a request goes. */
export interface LoadBalancer {
  readonly answer: 'load-balancer'
  /** `namespace/name` (the group of one Ingress) or the name of a group. */
  readonly group: string
  /** The Ingresses in rule order, `namespace/name`. Empty: there is no such load balancer. */
  readonly members: readonly string[]
  /** Ascending by port. */
  readonly listeners: readonly Listener[]
  /** What was taken for granted because only AWS or a Secret knows it; empty where nothing was. */
  readonly assumes: readonly string[]
}

export interface Listener {
  readonly port: number
  readonly protocol: ListenerProtocol
  readonly defaultActions: readonly ListenerAction[]
  readonly rules: readonly ListenerRule[]
}

export type ListenerProtocol = 'HTTP' | 'HTTPS'

/** Evaluated by ascending priority; all conditions must hold. */
export interface ListenerRule {
  readonly priority: number
  readonly conditions: readonly RuleCondition[]
  readonly actions: readonly ListenerAction[]
  readonly transforms?: readonly Transform[]
  readonly from: RuleOrigin
}

/** Which path of which Ingress made a rule: `rule` and `path` are positions in the Ingress as it is written. */
export interface RuleOrigin {
  readonly ingress: string
  readonly rule: number
  readonly path: number
}

/** One condition; one of its values must match. */
export type RuleCondition =
  | { readonly field: 'host-header'; readonly hostHeaderConfig: PatternConfig }
  | { readonly field: 'http-header'; readonly httpHeaderConfig: PatternConfig & { readonly httpHeaderName: string } }
  | { readonly field: 'http-request-method'; readonly httpRequestMethodConfig: { readonly values: readonly string[] } }
  | { readonly field: 'path-pattern'; readonly pathPatternConfig: PatternConfig }
  | { readonly field: 'query-string'; readonly queryStringConfig: { readonly values: readonly QueryPair[] } }
  | { readonly field: 'source-ip'; readonly sourceIPConfig: { readonly values: readonly string[] } }

/** In order; the last one of a rule routes. */
export type ListenerAction =
  | { readonly type: 'forward'; readonly forwardConfig: { readonly targetGroups: readonly ForwardTarget[]; readonly targetGroupStickinessConfig?: StickinessConfig } }
  | { readonly type: 'redirect'; readonly redirectConfig: RedirectConfig }
  | { readonly type: 'fixed-response'; readonly fixedResponseConfig: FixedResponseConfig }
  | { readonly type: 'authenticate-cognito'; readonly authenticateCognitoConfig: CognitoProvider & AuthSession }
  | { readonly type: 'authenticate-oidc'; readonly authenticateOidcConfig: OidcProvider & AuthSession }
  | { readonly type: 'jwt-validation'; readonly jwtValidationConfig: JwtValidation }

/** Where a forward goes. `targetGroup` is an identity inside one load balancer: equal texts are the same target group. */
export type ForwardTarget =
  | { readonly targetGroup: string; readonly namespace: string; readonly serviceName: string; readonly servicePort: number | string; readonly weight?: number }
  | { readonly targetGroupARN: string; readonly weight?: number }
  | { readonly targetGroupName: string; readonly weight?: number }
