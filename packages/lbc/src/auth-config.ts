import { type Annotations, integerAnnotation, jsonAnnotation, textAnnotation } from './annotations.ts'
import { failure } from './controller-error.ts'
import { type JsonType, map, struct, text } from './go/json-type.ts'

/** The provider of `auth-idp-cognito`. */
export interface CognitoProvider {
  readonly userPoolARN: string
  readonly userPoolClientID: string
  readonly userPoolDomain: string
  readonly authenticationRequestExtraParams?: Readonly<Record<string, string>>
}

/** The provider of `auth-idp-oidc`; client id and secret stand in a Secret of the Ingress' namespace. */
export interface OidcProvider {
  readonly issuer: string
  readonly authorizationEndpoint: string
  readonly tokenEndpoint: string
  readonly userInfoEndpoint: string
  readonly secretName: string
  readonly authenticationRequestExtraParams?: Readonly<Record<string, string>>
}

export interface AuthSession {
  readonly onUnauthenticatedRequest: string
  readonly scope: string
  readonly sessionCookieName: string
  readonly sessionTimeout: number
}

/** auth_config_builder.go AuthConfig. A provider may be set without being asked for. */
export interface AuthConfig {
  readonly type: 'none' | 'cognito' | 'oidc'
  readonly session: AuthSession
  readonly cognito: CognitoProvider | undefined
  readonly oidc: OidcProvider | undefined
}

const extraParams = { authenticationRequestExtraParams: map(text) }
const cognitoType: JsonType = struct('AuthIDPConfigCognito', { userPoolARN: text, userPoolClientID: text, userPoolDomain: text, ...extraParams })
const oidcType: JsonType = struct('AuthIDPConfigOIDC', {
  issuer: text, authorizationEndpoint: text, tokenEndpoint: text, userInfoEndpoint: text, secretName: text, ...extraParams,
})

/** auth_config_builder.go Build, from the annotations of the Service and the Ingress merged. Errors count for HTTP listeners too. */
export function readAuth(annotations: Annotations): AuthConfig {
  const type = textAnnotation(annotations, 'auth-type') ?? 'none'
  if (type !== 'none' && type !== 'cognito' && type !== 'oidc') throw failure(`unknown authType: ${type}`)
  const session: AuthSession = {
    onUnauthenticatedRequest: textAnnotation(annotations, 'auth-on-unauthenticated-request') ?? 'authenticate',
    scope: textAnnotation(annotations, 'auth-scope') ?? 'openid',
    sessionCookieName: textAnnotation(annotations, 'auth-session-cookie') ?? 'AWSELBAuthSessionCookie',
    sessionTimeout: integerAnnotation(annotations, 'auth-session-timeout', 64) ?? 604800,
  }
  const cognito = jsonAnnotation<CognitoProvider>(annotations, 'auth-idp-cognito', cognitoType)
  const oidc = jsonAnnotation<OidcProvider>(annotations, 'auth-idp-oidc', oidcType)
  return { type, session, cognito, oidc }
}
