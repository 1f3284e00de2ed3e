import type { KubeObject } from '@rollsync/manifests'
import { jqEngine } from '../src/jq/engine.ts'
import { type CompiledRules, compileRules } from '../src/compile-rules.ts'
import type { IgnoreDifference } from '../src/ignore-difference.ts'
import { argocdProfile } from '../src/profile.ts'
import { applyAs } from '../src/sync.ts'

export const byName: IgnoreDifference = {
  group: 'networking.k8s.io', kind: 'Ingress', jqPathExpressions: ['.spec.rules[]?.http.paths[]?|select(.backend.service.name=="canary-header-route")'],
}

const path = (service: string): object => ({ path: '/*', pathType: 'ImplementationSpecific', backend: { service: { name: service, port: { name: 'use-annotation' } } } })

/** Git's Ingress, with these services in its one list of paths. */
export function ingress(services: readonly string[], annotations: Readonly<Record<string, string>> = {}): KubeObject {
  return {
    apiVersion: 'networking.k8s.io/v1', kind: 'Ingress',
    metadata: { name: 'web', namespace: 'shop', annotations: { 'argocd.argoproj.io/tracking-id': 'shop:networking.k8s.io/Ingress:shop/web', ...annotations } },
    spec: { ingressClassName: 'alb', rules: [{ host: 'example.com', http: { paths: services.map(path) } }] },
  }
}

export const git: KubeObject = ingress(['web-active'])

/** What the cluster holds after Git's Ingress was applied and Rollouts put a header route in front. */
export function liveCanary(method: 'client side' | 'server side'): KubeObject {
  const applied = deployed(git, method)
  const { annotations } = applied.metadata
  return {
    ...applied,
    metadata: { ...applied.metadata, annotations: { ...annotations, 'alb.ingress.kubernetes.io/actions.canary-header-route': '{}' } },
    spec: ingress(['canary-header-route', 'web-active'])['spec'],
  }
}

export function deployed(manifest: KubeObject, method: 'client side' | 'server side'): KubeObject {
  const result = applyAs(manifest, null, method)
  if (result.outcome !== 'applied') throw new Error(JSON.stringify(result))
  return result.live
}

export function rulesOf(rules: readonly IgnoreDifference[], version = '3.5.1', argocdCm: Readonly<Record<string, string>> = {}): CompiledRules {
  const { profile } = argocdProfile(version)!
  return compileRules(rules, { profile, jq: jqEngine({ gojq: profile.gojq, foreign: 'none' }), argocdCm }) as CompiledRules
}

export function servicesOf(object: unknown): string[] {
  const rules = (object as { spec: { rules: { http: { paths: { backend: { service: { name: string } } }[] } }[] } }).spec.rules
  return rules.flatMap((rule) => rule.http.paths.map((one) => one.backend.service.name))
}
