import type { KubeObject } from '@rollsync/manifests'
import { describe, expect, it } from 'vitest'
import { rolloutsProfile } from '../profile.ts'
import { admitRollout } from '../rollout-shape.ts'
import { worldOf } from '../world.ts'
import { unverifiedPlaces, validate, type ValidationError } from './index.ts'
import { resolveWorkload } from './references/workload.ts'

const container = { name: 'web', image: 'web:1' }
const service = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop' }, spec: { selector: { app: 'web' } } })
const services = [service('stable'), service('canary')]

function rollout(canary: Readonly<Record<string, unknown>>, spec: Readonly<Record<string, unknown>> = {}): KubeObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'web', namespace: 'shop' },
    spec: {
      selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container] } },
      strategy: { canary: { stableService: 'stable', canaryService: 'canary', ...canary } }, ...spec,
    },
  }
}

function errorsOf(object: KubeObject, objects: readonly KubeObject[] = services, version = 'v1.10.2'): readonly ValidationError[] {
  return validate(object, worldOf([...objects, object]), rolloutsProfile(version).profile)
}

describe('where a person mends it', () => {
  it('is below canary, which the controller leaves out of the field', () => {
    const [error] = errorsOf(rollout({ steps: [{ setWeight: 10 }, { setWeight: 101 }] }))
    expect(error).toMatchObject({ field: 'spec.strategy.steps[1].setWeight', pointer: '/spec/strategy/canary/steps/1/setWeight', object: { kind: 'Rollout', name: 'web' } })
  })

  it('is the value of the header, not the match around it', () => {
    const routing = { alb: { ingress: 'web', servicePort: 80 }, managedRoutes: [{ name: 'r' }] }
    const [error] = errorsOf(rollout({ trafficRouting: routing, steps: [{ setHeaderRoute: { name: 'r', match: [{ headerName: 'x', headerValue: { prefix: 'p' } }] } }] }))
    expect(error?.pointer).toBe('/spec/strategy/canary/steps/0/setHeaderRoute/match/0/headerValue')
  })

  it('is the one Ingress of several that is missing', () => {
    const ingress: KubeObject = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'a', namespace: 'shop' }, spec: { rules: [{ http: { paths: [{ backend: { service: { name: 'stable' } } }] } }] } }
    const found = errorsOf(rollout({ trafficRouting: { alb: { ingresses: ['a', 'b'], servicePort: 80 } } }), [...services, ingress])
    expect(found.map(({ field, pointer }) => [field, pointer])).toEqual([
      ['spec.strategy.canary.trafficRouting.alb.ingresses', '/spec/strategy/canary/trafficRouting/alb/ingresses/1'],
    ])
  })

  it('is the Mapping itself where that is what is wrong', () => {
    const mapping: KubeObject = { apiVersion: 'getambassador.io/v2', kind: 'Mapping', metadata: { name: 'm', namespace: 'shop' }, spec: { weight: 5 } }
    const [error] = errorsOf(rollout({ trafficRouting: { ambassador: { mappings: ['m'] } } }), [...services, mapping])
    expect(error).toMatchObject({ pointer: '/spec/weight', object: { group: 'getambassador.io', kind: 'Mapping', name: 'm' } })
  })

  it('escapes a label that has a slash', () => {
    const [error] = errorsOf(rollout({}, { template: { metadata: { labels: { app: 'web', 'a/b': 'not ok' } }, spec: { containers: [container] } } }))
    expect(error?.pointer).toBe('/spec/template/metadata/labels/a~1b')
  })
})

describe('what comes after the first error', () => {
  it('is what the controller reports once the earlier ones are mended: its own fields, then what is missing, then what is wrong', () => {
    const other = { ...service('stable'), spec: { selector: { app: 'other' } } }
    const found = errorsOf(rollout({ steps: [{}] }, { replicas: -1 }), [other])
    expect(found.map(({ field }) => field)).toEqual([
      'spec.replicas', 'spec.strategy.steps[0]', 'spec.strategy.canary.canaryService', 'spec.strategy.canary.stableService',
    ])
  })

  it('comes after a panic, which hides what was found before it', () => {
    const ingress: KubeObject = {
      apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'web', namespace: 'shop' },
      spec: { rules: [{ http: { paths: [{ backend: { resource: { kind: 'Bucket', name: 'b' } } }, { backend: { service: { name: 'stable' } } }] } }] },
    }
    const other = { ...service('canary'), spec: { selector: { app: 'other' } } }
    const found = errorsOf(rollout({ trafficRouting: { alb: { ingress: 'web', servicePort: 80 } } }), [service('stable'), other, ingress])
    expect(found.map(({ outcome }) => outcome)).toEqual(['panic', 'invalid'])
    expect(found[0]).toMatchObject({ in: 'utils/ingress.hasIngressRuleWithService', pointer: '/spec/rules/0/http/paths/0/backend', object: { kind: 'Ingress', name: 'web' } })
  })
})

describe('a workloadRef', () => {
  const ref = { workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, template: undefined, selector: undefined }
  const deployment: KubeObject = {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' },
    spec: { selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container] } } },
  }

  it('lends its template and its selector', () => {
    expect(errorsOf(rollout({}, ref), [...services, deployment])).toEqual([])
  })

  it('is not taken for a template of its own once it is resolved', () => {
    const { profile } = rolloutsProfile('v1.10.2')
    const world = worldOf([...services, deployment])
    const resolution = resolveWorkload(admitRollout(rollout({}, ref), profile), world)
    expect(resolution.workload).toBe('resolved')
    expect(validate(resolution.rollout, world, profile)).toEqual([])
  })

  it('is told in the words of the lister where it leads nowhere', () => {
    const found = errorsOf(rollout({}, ref))
    expect(found.map(({ message }) => message)).toEqual(['The Rollout "web" is invalid: deployments.apps "shop/web" not found'])
    expect(found[0]?.pointer).toBe('/spec/workloadRef')
  })

  it('comes last in 1.8, after Services that no template can match', () => {
    expect(errorsOf(rollout({}, ref), services, 'v1.8.5').map(({ field }) => field)).toEqual([
      'spec.strategy.canary.stableService', 'spec.strategy.canary.canaryService', 'spec.workloadRef',
    ])
  })

  it('names a kind that is not supported', () => {
    const [error] = errorsOf(rollout({}, { ...ref, workloadRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web' } }))
    expect(error?.error).toBe('workload of type apps/StatefulSet is not supported')
  })

  it('does not stand beside a template', () => {
    const [error] = errorsOf(rollout({}, { workloadRef: ref.workloadRef }))
    expect(error?.error).toBe('template must be empty for workload reference rollout')
  })
})

describe('what is not looked at', () => {
  it('is named, so that a template is not called valid by silence', () => {
    const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'zone', matchLabelKeys: ['app'] }] } }
    const containers = [{ ...container, securityContext: { procMount: 'Default' }, resources: { limits: { cpu: '1', 'acme.io/gpu': '1' }, requests: { cpu: '1E3' } } }]
    const spec = { readinessGates: [{ conditionType: 'a' }], affinity, containers, securityContext: { runAsUser: 5, sysctls: [{ name: 'a', value: 'b' }] }, volumes: [{ name: 'v', nfs: { server: 's', path: '/' } }] }
    const template = { metadata: { labels: { app: 'web' } }, spec }
    const object = rollout({}, { template })
    expect(unverifiedPlaces(object, worldOf([object]), rolloutsProfile('v1.10.2').profile)).toEqual([
      '/spec/template/spec/readinessGates',
      '/spec/template/spec/containers/0/resources/limits/acme.io~1gpu',
      '/spec/template/spec/containers/0/resources/requests/cpu',
      '/spec/template/spec/containers/0/securityContext/procMount',
      '/spec/template/spec/securityContext/sysctls',
      '/spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/0/matchLabelKeys',
      '/spec/template/spec/volumes/0/nfs',
    ])
  })
})

it('reads a template that is nothing like one without an exception', () => {
  for (const template of [{ spec: { containers: 'x' } }, { metadata: { labels: ['a'] }, spec: { containers: [null, 5, { ports: [1] }], volumes: [[]] } }, { spec: { containers: [{ name: 'a', image: 'b', env: [null] }] } }]) {
    expect(errorsOf(rollout({}, { template })).length).toBeGreaterThan(0)
  }
})

it('a selector whose requirements are no list is malformed, as in Go', () => {
  expect(() => errorsOf(rollout({}, { selector: { matchExpressions: 101 } }))).toThrow('/spec/selector/matchExpressions must be a list, not 101')
})
