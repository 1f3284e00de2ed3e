import type { Rollout } from '../../rollout.ts'

export interface TlsRoute { readonly port?: number; readonly sniHosts?: readonly string[] }
export interface TcpRoute { readonly port?: number }

/** types.go IstioVirtualService */
export interface WantedVirtualService {
  readonly name: string
  readonly routes?: readonly string[]
  readonly tlsRoutes?: readonly TlsRoute[]
  readonly tcpRoutes?: readonly TcpRoute[]
}

/** types.go IstioDestinationRule */
export interface WantedDestinationRule {
  readonly name: string
  readonly canarySubsetName: string
  readonly stableSubsetName: string
  readonly additionalSubsetNames?: readonly string[]
}

/** types.go IstioTrafficRouting */
export interface IstioConfig {
  readonly virtualService?: WantedVirtualService
  readonly virtualServices?: readonly WantedVirtualService[]
  readonly destinationRule?: WantedDestinationRule
}

export function istioConfig(rollout: Rollout): IstioConfig | undefined {
  return rollout.spec.strategy.canary?.trafficRouting?.['istio'] as IstioConfig | undefined
}

/** istio.go:757 getVirtualServices: several win over one. */
export function wantedVirtualServices(config: IstioConfig): readonly WantedVirtualService[] {
  return config.virtualServices ?? (config.virtualService === undefined ? [] : [config.virtualService])
}

/** utils/istio/istio.go:40 GetVirtualServiceNamespaceName. Since 1.10 a name may hold dots and end in .cluster.local; before, whatever follows the second dot is dropped. */
export function splitName(text: string, style: 'last-segment' | 'second-segment'): { readonly namespace: string; readonly name: string } {
  const parts = (style === 'last-segment' ? text.replace(/\.cluster\.local$/, '') : text).split('.')
  if (parts.length === 1) return { namespace: '', name: parts[0] ?? '' }
  if (style === 'second-segment') return { namespace: parts[1] ?? '', name: parts[0] ?? '' }
  return { namespace: parts.at(-1) ?? '', name: parts.slice(0, -1).join('.') }
}
