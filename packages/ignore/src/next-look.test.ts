import { argocdProfile, type ArgocdProfile, jqEngine } from '@rollsync/argocd'
import { type KubeObject, parse, refOf } from '@rollsync/manifests'
import { rolloutsProfile, type RolloutsProfile, rolloutsVersions } from '@rollsync/rollouts'
import { expect, it } from 'vitest'
import { argocdJudge } from './argocd-judge.ts'
import { type CanaryCase, pairsOf } from './canary-case.ts'
import { exploreCanary } from './explore-canary.ts'
import { syncSafe } from './laws/sync-safe.ts'
import { albSettings } from './routes.ts'

const service = (name: string): string => `
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: default }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080, protocol: TCP }] }`
const template = "template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: app, image: 'web:1' }] } }"
const rolloutOf = (strategy: string, pods = template): string => `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: web, namespace: default }
spec: { replicas: 2, selector: { matchLabels: { app: web } }, ${pods}, strategy: { canary: { ${strategy}, steps: [{ setWeight: 20 }, { pause: {} }] } } }${service('canary')}${service('stable')}
---
`
const both = 'canaryService: canary, stableService: stable'

const cases = [
  {
    what: 'the labels of a subset that has none in Git', kind: 'DestinationRule',
    yaml: rolloutOf('trafficRouting: { istio: { virtualService: { name: web }, destinationRule: { name: web, canarySubsetName: canary, stableSubsetName: stable } } }') + `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: web, namespace: default }
spec: { hosts: [web], http: [{ route: [{ destination: { host: web, subset: stable }, weight: 100 }, { destination: { host: web, subset: canary }, weight: 0 }] }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: web, namespace: default }
spec: { host: web, subsets: [{ name: canary }, { name: stable }] }`,
  },
  {
    what: 'the weights in an annotation that Git holds too', kind: 'Ingress',
    yaml: rolloutOf(`${both}, trafficRouting: { alb: { ingress: web, rootService: root, servicePort: 80 } }`) + `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: default, annotations: { alb.ingress.kubernetes.io/actions.root: '{"Type":"forward"}' } }
spec: { ingressClassName: alb, rules: [{ host: a.example.com, http: { paths: [{ path: /*, pathType: ImplementationSpecific, backend: { service: { name: root, port: { name: use-annotation } } } }] } }] }`,
  },
  {
    what: 'the replicas of a Deployment that was counted down', kind: 'Deployment',
    yaml: rolloutOf(both, 'workloadRef: { apiVersion: apps/v1, kind: Deployment, name: web, scaleDown: onsuccess }') + `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: default }
spec: { replicas: 2, selector: { matchLabels: { app: web } }, ${template} }`,
  },
] as const

it.each(cases)('what a sync takes of $what comes back when the controller looks next', async ({ kind, yaml }) => {
  const objects = parse([{ file: 'all.yaml', text: yaml }]).manifests.map((one) => one.value)
  const rollout = objects.find((one) => one.kind === 'Rollout') as KubeObject
  const { states, invalid } = exploreCanary(rollout, objects.filter((one) => one !== rollout), rolloutsProfile(rolloutsVersions[0] ?? '').profile as RolloutsProfile)
  expect(invalid).toBeUndefined()
  const canary: CanaryCase = { rollout: refOf(rollout), resources: objects.filter((one) => one.kind === kind).map(refOf), states }
  const profile = argocdProfile('3.5.1')?.profile as ArgocdProfile
  const judge = argocdJudge({ application: 'web', profile, mode: 'legacy', rules: [], syncOptions: [], jq: jqEngine({ gojq: profile.gojq }) })
  const { counterExamples } = await syncSafe(pairsOf(canary), judge, albSettings(rollout))
  expect(counterExamples.length).toBeGreaterThan(0)
  expect(counterExamples.filter((one) => one.restored === undefined)).toEqual([])
})
