import { type Annotations, textAnnotation } from './annotations.ts'
import { failure } from './controller-error.ts'
import { unmarshal } from './go/json-decode.ts'
import { bool, int, type JsonType, pointer, slice, struct, text } from './go/json-type.ts'
import type { LbcProfile } from './profile.ts'

/** One entry of the annotation `mutual-authentication`. */
export interface MutualAuthentication {
  readonly port: number
  readonly mode: string
  readonly trustStore?: string
  readonly ignoreClientCertificateExpiry?: boolean
  readonly advertiseTrustStoreCaNames?: string
}

/** model_build_listener.go:323 computeIngressMutualAuthentication, by port: parsed and checked; trust stores are not looked up. */
export function readMutualAuthentication(annotations: Annotations, profile: LbcProfile, assumes: Set<string>): ReadonlyMap<number, MutualAuthentication> {
  const raw = textAnnotation(annotations, 'mutual-authentication')
  if (raw === undefined) return new Map()
  const decoded = unmarshal<readonly MutualAuthentication[] | undefined>(raw, slice(entryType(profile)))
  if (!decoded.ok) throw failure(`failed to parse mutualAuthentication configuration from ingress annotation: \`${raw}\`: ${decoded.error}`)
  const entries = decoded.value ?? []
  if (entries.length === 0) throw failure(`empty mutualAuthentication configuration from ingress annotation: \`${raw}\``)
  for (const entry of entries) {
    checkEntry(entry)
    if (entry.mode === 'verify' && entry.trustStore?.startsWith('arn:') === false) assumes.add(`AWS has a trust store named ${entry.trustStore}`)
  }
  const withDefault = entries.map((entry) => (entry.mode === 'verify' ? { ignoreClientCertificateExpiry: false, ...entry } : entry))
  return new Map(withDefault.map((entry) => [entry.port, entry]))
}

function entryType(profile: LbcProfile): JsonType {
  const advertise = profile.advertiseTrustStore === 'known' ? { advertiseTrustStoreCaNames: pointer(text) } : {}
  return struct('MutualAuthenticationConfig', {
    port: int(profile.integers), mode: text, trustStore: pointer(text), ignoreClientCertificateExpiry: pointer(bool), ...advertise,
  })
}

/** model_build_listener.go:382 validateMutualAuthenticationConfig. */
function checkEntry({ port, mode, trustStore = '', ignoreClientCertificateExpiry, advertiseTrustStoreCaNames: advertise }: MutualAuthentication): void {
  if (port < 1 || port > 65535) throw failure(`listen port must be within [1, 65535]: ${port}`)
  if (mode === '') throw failure(`mutualAuthentication mode cannot be empty for port ${port}`)
  if (!['off', 'passthrough', 'verify'].includes(mode)) {
    throw failure(`mutualAuthentication mode value must be among [off, passthrough, verify] for port ${port} : ${mode}`)
  }
  const verify = mode === 'verify'
  if (verify && trustStore === '') throw failure(`trustStore is required when mutualAuthentication mode is verify for port ${port}`)
  if (!verify && trustStore !== '') throw failure(`Mutual Authentication mode ${mode} does not support trustStore for port ${port}`)
  if (!verify && ignoreClientCertificateExpiry !== undefined) {
    throw failure(`Mutual Authentication mode ${mode} does not support ignoring client certificate expiry for port ${port}`)
  }
  if (advertise === undefined) return
  if (!verify) throw failure(`Mutual Authentication mode ${mode} does not support advertiseTrustStoreCaNames for port ${port}`)
  if (advertise !== 'on' && advertise !== 'off') {
    throw failure(`advertiseTrustStoreCaNames only supports the values "on" and "off" got value ${advertise} for port ${port}`)
  }
}
