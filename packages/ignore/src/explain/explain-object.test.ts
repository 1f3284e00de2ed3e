import { type KubeObject, refKey, refOf } from '@rollsync/manifests'
import { describe, expect, it } from 'vitest'
import { explainObject } from './explain-object.ts'

const prefix = 'alb.ingress.kubernetes.io'
const path = (name: string) => ({ path: '/*', pathType: 'ImplementationSpecific', backend: { service: { name, port: { name: 'use-annotation' } } } })
const ingress = (names: readonly string[], annotations: Record<string, string> = {}, metadata: object = {}): KubeObject => ({
  apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'web', namespace: 'default', annotations, ...metadata }, spec: { rules: [{ host: 'a.example.com', http: { paths: names.map(path) } }] },
} as KubeObject)
const rollout: KubeObject = {
  apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'web', namespace: 'default' },
  spec: { strategy: { canary: { stableService: 'stable', canaryService: 'canary', trafficRouting: { managedRoutes: [{ name: 'hdr' }], alb: { ingress: 'web', rootService: 'root', servicePort: 80 } } } } },
}
const git = ingress(['root'])
const live = ingress(['hdr', 'root'], { [`${prefix}/actions.hdr`]: '{}' })
const key = refKey(refOf(git))
const known = [{ rollout, states: [{ moment: 'step 3 of 9', git: new Map([[key, git]]), live: new Map([[key, live]]) }] }]
const managed = (manager: string, fields: object, more: object = {}) => ({ managedFields: [{ manager, operation: 'Update', time: '2026-01-01T00:00:00Z', fieldsV1: fields, ...more }] })

describe('each difference is attributed', () => {
  it('to the moment of a Rollout that writes it', () => {
    expect(explainObject(git, live, known).differences).toMatchObject([
      { pointer: `/metadata/annotations/${prefix}~1actions.hdr`, by: 'rollouts', why: 'so it writes at step 3 of 9' },
      { pointer: '/spec/rules/0/http/paths/0', change: 'add', by: 'rollouts', why: 'so it writes at step 3 of 9' },
    ])
  })

  it('to a Rollout whose place it is, where no state has the value', () => {
    const other = ingress(['root'], { [`${prefix}/actions.root`]: 'by somebody' })
    expect(explainObject(git, other, known).differences).toMatchObject([{ by: 'rollouts', why: expect.stringContaining('no simulated state') }])
  })

  it('to Rollouts by its own list on the Ingress, where no Rollout is at hand', () => {
    const listed = ingress(['hdr', 'root'], { [`${prefix}/actions.hdr`]: '{}', 'rollouts.argoproj.io/managed-alb-annotations': `{"web":["${prefix}/actions.hdr"]}` })
    expect(explainObject(git, listed, []).differences.map((one) => one.by)).toEqual(['rollouts', 'rollouts', 'rollouts'])
  })

  it('to the load balancer controller by its finalizer, and status to nobody in particular', () => {
    const held = { ...ingress(['root'], {}, { finalizers: ['ingress.k8s.aws/resources', 'example.com/x'] }), status: { loadBalancer: {} } } as KubeObject
    expect(explainObject(git, held, []).differences).toMatchObject([{ by: 'controller', who: 'the AWS Load Balancer Controller' }, { by: 'unexplained' }, { pointer: '/status', by: 'controller' }])
  })

  it('to somebody\'s hand, as managedFields says', () => {
    const edited = ingress(['root', 'extra'], {}, managed('kubectl-edit', { 'f:spec': { 'f:rules': {} } }))
    expect(explainObject(git, edited, []).differences).toMatchObject([{ pointer: '/spec/rules/0/http/paths/1', by: 'hand', why: expect.stringContaining('kubectl-edit') }])
  })

  it('to the autoscaler, by the scale subresource', () => {
    const deployment = (replicas: number, metadata: object = {}): KubeObject => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', ...metadata }, spec: { replicas } } as KubeObject)
    const scaled = deployment(5, managed('kube-controller-manager', { 'f:spec': { 'f:replicas': {} } }, { subresource: 'scale' }))
    expect(explainObject(deployment(2), scaled, []).differences).toMatchObject([{ pointer: '/spec/replicas', by: 'controller', who: 'the autoscaler' }])
  })

  it('to cert-manager, to the API server\'s defaults, and by list keys of managedFields', () => {
    const service = (spec: object, metadata: object = {}): KubeObject => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', ...metadata }, spec } as KubeObject)
    const ports = [{ port: 80, protocol: 'TCP', name: 'web' }]
    const fields = managed('kubectl-patch', { 'f:spec': { 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { 'f:name': {} } } } })
    const answer = explainObject(service({ ports: [{ port: 80, protocol: 'TCP' }] }), service({ ports, clusterIP: '10.0.0.1' }, { annotations: { 'cert-manager.io/alt-names': 'x' }, ...fields }), [])
    expect(answer.differences.map(({ pointer, by }) => [pointer, by])).toEqual([['/metadata/annotations/cert-manager.io~1alt-names', 'controller'], ['/spec/clusterIP', 'api-server'], ['/spec/ports/0/name', 'hand']])
  })

  it('to the API server only by the value that it fills in', () => {
    const pod = (more: object, container: object): KubeObject => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { template: { spec: { ...more, containers: [{ name: 'app', image: 'r.example:5000/web:1', ...container }] } } } } as KubeObject)
    const of = (more: object, container: object = {}) => explainObject(pod({}, {}), pod(more, container), []).differences.map(({ pointer, by }) => [pointer.slice(pointer.lastIndexOf('/') + 1), by])
    expect(of({ dnsPolicy: 'ClusterFirst', securityContext: {}, terminationGracePeriodSeconds: 30 }, { imagePullPolicy: 'IfNotPresent' }).map(([, by]) => by)).toEqual(['api-server', 'api-server', 'api-server', 'api-server'])
    expect(of({ dnsPolicy: 'None', securityContext: { runAsUser: 0 }, terminationGracePeriodSeconds: 1 }, { imagePullPolicy: 'Always', securityContext: { privileged: true } }).map(([, by]) => by)).toEqual(Array.from({ length: 5 }, () => 'unexplained'))
    const service = (spec: object): KubeObject => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { ports: [{ port: 80 }], ...spec } } as KubeObject)
    expect(explainObject(service({}), service({ type: 'LoadBalancer', externalTrafficPolicy: 'Local', clusterIP: '10.0.0.1' }), []).differences.map((one) => one.by)).toEqual(['api-server', 'unexplained', 'unexplained'])
  })

  it('to the defaults of a route of the Gateway API (argo-helm#3538)', () => {
    const route = (more: object): KubeObject => ({ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name: 'web' }, spec: { rules: [{ backendRefs: [{ name: 'web', port: 80, ...more }] }] } } as KubeObject)
    expect(explainObject(route({}), route({ group: '', kind: 'Service', weight: 1 }), []).differences.map((one) => one.by)).toEqual(['api-server', 'api-server', 'api-server'])
    expect(explainObject(route({}), route({ weight: 30 }), []).differences.map((one) => one.by)).toEqual(['unexplained'])
  })

  it('to a hand that wrote last where the controller writes too', () => {
    const weights = { [`${prefix}/actions.root`]: 'by somebody' }
    const edited = ingress(['root'], weights, managed('kubectl-annotate', { 'f:metadata': { 'f:annotations': { [`f:${prefix}/actions.root`]: {} } } }))
    expect(explainObject(git, edited, known).differences).toMatchObject([{ by: 'hand', why: expect.stringContaining('kubectl-annotate') }])
    expect(explainObject(git, ingress(['root'], { 'rollouts.argoproj.io/x': '1' }, managed('kubectl-edit', { 'f:metadata': { 'f:annotations': { 'f:rollouts.argoproj.io/x': {} } } })), []).differences).toMatchObject([{ by: 'hand' }])
  })

  it('to nobody known, by its name, where a manager is not known here', () => {
    const by = (manager: string, kind = 'Ingress') => explainObject({ ...git, kind } as KubeObject, { ...ingress(['root', 'x'], {}, managed(manager, { 'f:spec': { 'f:rules': {} } })), kind } as KubeObject, []).differences[0]
    expect(by('terraform')).toMatchObject({ by: 'unexplained', who: 'terraform', why: expect.stringContaining('terraform') })
    expect(by('keda-operator')).toMatchObject({ by: 'controller', who: 'keda-operator' })
    expect(by('controller')).toMatchObject({ by: 'controller', who: 'the AWS Load Balancer Controller' })
    expect(by('controller', 'Widget')).toMatchObject({ by: 'unexplained', who: 'controller' })
  })

  it('not to cert-manager for what people ask it by', () => {
    expect(explainObject(git, ingress(['root'], { 'cert-manager.io/cluster-issuer': 'letsencrypt' }), []).differences).toMatchObject([{ by: 'unexplained' }])
  })

  it('to nobody where nothing tells', () => {
    expect(explainObject(git, ingress(['root', 'x']), []).differences).toMatchObject([{ by: 'unexplained', why: expect.stringContaining('--show-managed-fields') }])
  })
})
