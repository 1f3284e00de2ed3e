import type { KubeObject } from '@rollsync/manifests'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { rolloutsProfile, rolloutsVersions } from '../profile.ts'
import { RolloutsError } from '../rollouts-error.ts'
import { worldOf } from '../world.ts'
import { validate } from './index.ts'

const keys = ['canary', 'blueGreen', 'steps', 'setWeight', 'pause', 'duration', 'setHeaderRoute', 'match', 'headerValue', 'exact', 'trafficRouting', 'alb', 'ingress', 'ingresses', 'nginx', 'istio',
  'virtualService', 'name', 'managedRoutes', 'analysis', 'templates', 'templateName', 'args', 'template', 'metadata', 'labels', 'spec', 'containers', 'ports', 'selector', 'matchExpressions',
  'pingPong', 'maxSurge', 'replicas', 'workloadRef', 'appMesh', 'ambassador', 'mappings', '__proto__', 'constructor']
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof({ maxDepth: 6 }, fc.constantFrom<unknown>(null, true, 0, -1, 101, '', 'x', '5s', '0%', 'a/b/c'), fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 4 })),
})).value

it('answers or says what is malformed, and the same each time, whatever it is given', () => {
  fc.assert(fc.property(json, json, fc.constantFrom(...rolloutsVersions), (strategy, rest, version) => {
    const extra = typeof rest === 'object' && rest !== null && !Array.isArray(rest) ? rest : {}
    const rollout = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'web', namespace: 'shop' }, spec: { ...extra, strategy } } as KubeObject
    const run = (): string => {
      try {
        return JSON.stringify(validate(rollout, worldOf([rollout]), rolloutsProfile(version).profile))
      } catch (error) {
        if (error instanceof RolloutsError) return error.code
        throw error
      }
    }
    expect(run()).toBe(run())
  }), { numRuns: 400 })
})

const map = fc.dictionary(fc.constantFrom(...keys, 'rules', 'http', 'tls', 'tcp', 'route', 'destination', 'host', 'paths', 'backend', 'service', 'metrics', 'interval', 'count', 'env', 'volumes', 'routes',
  'affinity', 'nodeAffinity', 'podAffinity', 'requiredDuringSchedulingIgnoredDuringExecution', 'preferredDuringSchedulingIgnoredDuringExecution', 'tolerations', 'securityContext',
  'seccompProfile', 'topologySpreadConstraints'), json, { maxKeys: 6 })
const routers = [
  { alb: { ingress: 'x', servicePort: 80 } }, { nginx: { stableIngresses: ['x'] } }, { istio: { virtualService: { name: 'x' } } }, { ambassador: { mappings: ['x'] } }, { appMesh: { virtualService: { name: 'x' } } },
]

it('survives any pod template and any referenced object', () => {
  const kinds = [['v1', 'Service'], ['networking.k8s.io/v1', 'Ingress'], ['networking.istio.io/v1', 'VirtualService'], ['getambassador.io/v2', 'Mapping'], ['appmesh.k8s.aws/v1beta2', 'VirtualService'],
    ['appmesh.k8s.aws/v1beta2', 'VirtualRouter'], ['argoproj.io/v1alpha1', 'AnalysisTemplate']] as const
  fc.assert(fc.property(map, map, fc.constantFrom(...routers), fc.constantFrom(...rolloutsVersions), (template, spec, trafficRouting, version) => {
    const canary = { stableService: 'x', canaryService: 'x', trafficRouting, steps: [{ analysis: { templates: [{ templateName: 'x' }] } }] }
    const rollout = {
      apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'web', namespace: 'shop' }, spec: { selector: { matchLabels: { app: 'web' } }, template: { spec: template }, strategy: { canary } },
    } as KubeObject
    const objects = kinds.map(([apiVersion, kind]) => ({ apiVersion, kind, metadata: { name: 'x', namespace: 'shop' }, spec }) as KubeObject)
    expect(validate(rollout, worldOf([...objects, rollout]), rolloutsProfile(version).profile).length).toBeGreaterThan(0)
  }), { numRuns: 400 })
})
