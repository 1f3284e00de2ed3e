import { fail, NIL_POINTER, panic } from '../../controller-failure.ts'
import type { Ingress, IngressRule } from '../../ingress.ts'
import type { RolloutsProfile } from '../../profile.ts'
import type { Rollout } from '../../rollout.ts'
import { controllerRef } from '../owner.ts'

/** types.go NginxTrafficRouting */
export interface NginxConfig {
  readonly annotationPrefix?: string
  readonly stableIngress?: string
  readonly stableIngresses?: readonly string[]
  readonly additionalIngressAnnotations?: Readonly<Record<string, string>>
  readonly canaryIngressAnnotations?: Readonly<Record<string, string>>
}

export function nginxOf(rollout: Rollout): NginxConfig | undefined {
  return rollout.spec.strategy.canary?.trafficRouting?.['nginx'] as NginxConfig | undefined
}

/** utils/ingress/ingress.go:155 GetCanaryIngressName: at most 253 characters, the end of the two names is cut. */
export function canaryIngressName(rollout: string, stable: string): string {
  return stable === '' ? '' : `${`${rollout}-${stable}`.slice(0, 253 - '-canary'.length)}-canary`
}

/** nginx.go:63 buildCanaryIngress */
export function canaryIngress(rollout: Rollout, profile: RolloutsProfile, stable: Ingress, name: string, desiredWeight: number): Ingress {
  const config = nginxOf(rollout) ?? {}
  const { stableService = '', canaryService = '', trafficRouting } = rollout.spec.strategy.canary ?? {}
  const rules = canaryRules(stable.spec.rules ?? [], stableService, canaryService)
  // nginx.go:122 names the single stableIngress, also where there are several
  if (rules.length === 0) return fail(`ingress \`${config.stableIngress ?? ''}\` has no rules using service ${stableService} backend`)
  const prefix = config.annotationPrefix || 'nginx.ingress.kubernetes.io'
  const ingressClass = stable.metadata.annotations?.['kubernetes.io/ingress.class']
  const total = trafficRouting?.maxTrafficWeight
  const annotations = new Map<string, string>(ingressClass === undefined ? [] : [['kubernetes.io/ingress.class', ingressClass]])
  // nginx.go:126 goes through a Go map: of `x` and `prefix/x` the last one met wins; here the longer key
  for (const [key, value] of sorted(config.additionalIngressAnnotations)) annotations.set(key.startsWith(prefix) ? key : `${prefix}/${key}`, value)
  if (profile.has.keepsForeignIngressAnnotations) for (const [key, value] of sorted(config.canaryIngressAnnotations)) annotations.set(key, value)
  annotations.set(`${prefix}/canary`, 'true')
  annotations.set(`${prefix}/canary-weight`, String(desiredWeight))
  if (total !== undefined) annotations.set(`${prefix}/canary-weight-total`, String(total))
  const { tls, ingressClassName } = stable.spec
  return {
    apiVersion: 'networking.k8s.io/v1', kind: 'Ingress',
    metadata: { name, namespace: rollout.metadata.namespace ?? '', annotations: Object.fromEntries(annotations), ownerReferences: [controllerRef(rollout)] },
    spec: { ...(ingressClassName === undefined ? {} : { ingressClassName }), ...(tls === undefined ? {} : { tls }), rules },
  }
}

/** Only the rules that lead to the stable service; their other paths stay in them. */
function canaryRules(rules: readonly IngressRule[], stableService: string, canaryService: string): readonly IngressRule[] {
  return rules.flatMap((rule) => {
    if (rule.http === undefined) return panic(NIL_POINTER, 'rollout/trafficrouting/nginx.(*Reconciler).buildCanaryIngress')
    let found = false
    const paths = (rule.http.paths ?? []).map((path) => {
      const { service } = path.backend
      if (service === undefined) return panic(NIL_POINTER, 'rollout/trafficrouting/nginx.(*Reconciler).buildCanaryIngress')
      if (service.name !== stableService) return path
      found = true
      return { ...path, backend: { ...path.backend, service: { ...service, name: canaryService } } }
    })
    return found ? [{ ...rule, http: { ...rule.http, paths } }] : []
  })
}

function sorted(map: Readonly<Record<string, string>> | undefined): [string, string][] {
  return Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
}
