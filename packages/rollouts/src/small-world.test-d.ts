import type { KubeObject } from '@rollsync/manifests'
import { type World, worldOf } from './world.ts'

// A small world for tests: Rollout web with one Ingress and three Services. No test by itself.

export function service(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec: { selector: { app: 'app' }, ports: [{ port: 80 }] } }
}

export function pathTo(name: string): Readonly<Record<string, unknown>> {
  return { path: '/*', pathType: 'ImplementationSpecific', backend: { service: { name, port: { name: 'use-annotation' } } } }
}

export function ingress(name: string, rules: readonly unknown[] = [{ http: { paths: [pathTo('web-root')] } }]): KubeObject {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name, namespace: 'default', annotations: { scheme: 'internal' } }, spec: { ingressClassName: 'alb', rules } }
}

const container = { name: 'app', image: 'app:1' }
export const template: Readonly<Record<string, unknown>> = { metadata: { labels: { app: 'app' } }, spec: { containers: [container] } }

export function rollout(strategy: Readonly<Record<string, unknown>>, spec: Readonly<Record<string, unknown>> = {}): KubeObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'web', namespace: 'default' },
    spec: { replicas: 4, selector: { matchLabels: { app: 'app' } }, template, strategy, ...spec },
  }
}

export function canary(steps: readonly unknown[], more: Readonly<Record<string, unknown>> = {}, routes: readonly string[] = ['hr']): Readonly<Record<string, unknown>> {
  const trafficRouting = { managedRoutes: routes.map((name) => ({ name })), alb: { ingress: 'web', rootService: 'web-root', servicePort: 80 } }
  return { canary: { canaryService: 'web-canary', stableService: 'web-stable', trafficRouting, steps, ...more } }
}

export function header(name: string, value = '2'): Readonly<Record<string, unknown>> {
  return { setHeaderRoute: { name, match: [{ headerName: 'version', headerValue: { exact: value } }] } }
}

export function smallWorld(subject: KubeObject, more: readonly KubeObject[] = [ingress('web')]): World {
  return worldOf([service('web-root'), service('web-canary'), service('web-stable'), ...more, subject])
}

export const WEB = { group: 'argoproj.io', kind: 'Rollout', namespace: 'default', name: 'web' } as const
