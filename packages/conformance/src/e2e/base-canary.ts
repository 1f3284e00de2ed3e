import type { IgnoreDifference } from '@rollsync/argocd'
import type { KubeObject } from '@rollsync/manifests'

/** The canary of the story that this project began with, its names and times made small. */
export const route = 'canary-by-header'
export const images = { before: 'registry.example.com/web:1', after: 'registry.example.com/web:2', third: 'registry.example.com/web:3' } as const

type Fields = Readonly<Record<string, unknown>>

export const headerStep: Fields = { setHeaderRoute: { name: route, match: [{ headerName: 'x-version', headerValue: { exact: '2' } }] } }
const steps: readonly Fields[] = [{ setCanaryScale: { weight: 10 } }, headerStep, { pause: {} }, { setWeight: 50 }, { pause: {} }]

function path(service: string): Fields {
  return { path: '/*', pathType: 'ImplementationSpecific', backend: { service: { name: service, port: { name: 'use-annotation' } } } }
}

export function ingress(services: readonly string[], annotations: Readonly<Record<string, string>> = {}, name = 'web'): KubeObject {
  return {
    apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name, annotations: { 'alb.ingress.kubernetes.io/scheme': 'internal', ...annotations } },
    spec: { ingressClassName: 'alb', rules: [{ host: 'qa.example.com', http: { paths: services.map(path) } }] },
  }
}

export function service(name: string, app = 'web'): KubeObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { selector: { app }, ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 8080 }] } }
}

/** What of the Rollout a scenario wants otherwise. */
export interface Wanted {
  readonly name?: string
  readonly canary?: Fields
  readonly routing?: Fields
  readonly steps?: readonly Fields[]
  readonly spec?: Fields
}

export function rollout({ name = 'web', canary = {}, routing = {}, steps: wanted = steps, spec = {} }: Wanted = {}): KubeObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name },
    spec: {
      replicas: 4, revisionHistoryLimit: 5, selector: { matchLabels: { app: name } },
      strategy: { canary: {
        canaryService: 'canary', stableService: 'stable',
        // No ReplicaSet goes away because a scenario takes its time.
        scaleDownDelaySeconds: 3600, abortScaleDownDelaySeconds: 3600,
        trafficRouting: { managedRoutes: [{ name: route }], alb: { ingress: 'web', rootService: 'active', servicePort: 80 }, ...routing },
        steps: wanted, ...canary,
      } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'app', image: images.before, ports: [{ containerPort: 8080, protocol: 'TCP' }] }] } },
      ...spec,
    },
  }
}

export const services: readonly KubeObject[] = ['active', 'canary', 'stable'].map((name) => service(name))

/** The managed route as the controller writes it, kept in Git. */
export const anchor: Readonly<Record<string, string>> = {
  [`alb.ingress.kubernetes.io/actions.${route}`]: '{"Type":"forward","ForwardConfig":{"TargetGroups":[{"ServiceName":"canary","ServicePort":"80","Weight":100}]}}',
  [`alb.ingress.kubernetes.io/conditions.${route}`]: '[{"field":"http-header","httpHeaderConfig":{"httpHeaderName":"x-version","values":["2"]}}]',
}

export const anchored: KubeObject = ingress([route, 'active'], anchor)

/** What the story's team wrote, its folded lines joined. */
export const teamRule: IgnoreDifference = { group: 'networking.k8s.io', kind: 'Ingress', jqPathExpressions: [`.spec.rules[]?.http.paths[]?|select(.backend.service.name=="${route}")`] }
export const anchorRule: IgnoreDifference = { ...teamRule, jsonPointers: Object.keys(anchor).map((key) => `/metadata/annotations/${key.replace('/', '~1')}`) }
