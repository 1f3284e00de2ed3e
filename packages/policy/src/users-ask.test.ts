import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { checkPolicy } from './check-policy.ts'
import { discover } from './discover/repository.ts'

// What users reported upstream as their own mistake or surprise, each as the smallest repository that has it, and the rule that speaks of it.
const here = new URL('rules/base/', import.meta.url)
const base = Object.fromEntries(readdirSync(here).map((name) => [name, readFileSync(new URL(name, here), 'utf8')]))
type Files = Readonly<Record<string, string>>

const anchored = base['ingress.yaml'] ?? ''
const bare = anchored.replace(/\n {4}alb\.ingress\.kubernetes\.io\/(actions|conditions)[^\n]*/g, '').replace(/ {10}- path: \/\*\n {12}pathType: ImplementationSpecific\n {12}backend: \{ service: \{ name: canary-header[^\n]*\n/, '')
const ignoring = (rules: string, options = ''): string => (base['apps.yaml'] ?? '').replace(/ {2}ignoreDifferences:[\s\S]*$/, `  ignoreDifferences:\n${rules}\n`).replace('automated: { selfHeal: true }', `automated: { selfHeal: true }${options === '' ? '' : `, syncOptions: [${options}]`}`)
const rollout = (change: (text: string) => string): Files => ({ 'rollout.yaml': change(base['rollout.yaml'] ?? '') })
const steps = (text: string): Files => rollout((whole) => whole.replace(/ {6}steps:[\s\S]*?(?= {2}template:)/, `      steps:\n${text.split('\n').map((line) => `        ${line}`).join('\n')}\n`))
const header = '- setHeaderRoute: { name: canary-header-route-new, match: [{ headerName: version, headerValue: { exact: "2" } }] }'

const routed = (routing: string, more = ''): Files => ({
  'ingress.yaml': '',
  'rollout.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: service-rollout, namespace: default, annotations: { notifications.argoproj.io/subscribe.on-rollout-paused.slack: releases } }
spec:
  replicas: 4
  selector: { matchLabels: { app: service-rollout } }
  strategy:
    canary:
      canaryService: service-rollout-canary
      stableService: service-rollout-root
      trafficRouting: ${routing}
      steps: [{ setCanaryScale: { weight: 25 } }, ${more}{ setWeight: 20 }, { pause: { duration: 10 } }, { setWeight: 60 }, { pause: { duration: 10 } }]
  template: { metadata: { labels: { app: service-rollout } }, spec: { containers: [{ name: app, image: app:1 }] } }
`,
})
const virtualService: Files = {
  'virtual-service.yaml': `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: web, namespace: default }
spec:
  hosts: [web]
  http: [{ name: primary, route: [{ destination: { host: service-rollout-root }, weight: 100 }, { destination: { host: service-rollout-canary }, weight: 0 }] }]
`,
}
const httpRoute: Files = {
  'http-route.yaml': `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web, namespace: default }
spec:
  parentRefs: [{ name: gateway }]
  rules:
    - matches: [{ path: { type: PathPrefix, value: / } }]
      backendRefs: [{ name: service-rollout-root, port: 80 }, { name: service-rollout-canary, port: 80 }]
`,
}
const istio = (more = '', managed = ''): Files => ({ ...routed(`{ ${managed}istio: { virtualService: { name: web, routes: [primary] } } }`, more), ...virtualService })
const gateway = (more = ''): Files => ({ ...routed('{ plugins: { argoproj-labs/gatewayAPI: { httpRoute: web, namespace: default } } }', more), ...httpRoute })
const forKind = (group: string, kind: string, rest: string): string => `    - { group: ${group}, kind: ${kind}, ${rest} }`
const forImages = (expression: string): string => forKind('argoproj.io', 'Rollout', `jqPathExpressions: ['${expression}']`)
const asSet = (text: string): string => text.replace('kind: Application', 'kind: ApplicationSet').replace('spec:\n', 'spec:\n  generators: [{ list: { elements: [{}] } }]\n  template:\n    metadata: { name: service-rollout }\n    spec:\n').replace(/(?<=\n)( {2}(?:project|destination|source|syncPolicy|ignoreDifferences):[\s\S]*)$/, (body) => body.split('\n').map((line) => (line === '' ? '' : `    ${line}`)).join('\n'))

const cases: readonly (readonly [thread: string, files: Files, rule: string, file: string])[] = [
  // lists under RespectIgnoreDifferences
  ['argo-cd#9678 ignoring a part of a VirtualService with RespectIgnoreDifferences', { ...istio(), 'apps.yaml': ignoring(forKind('networking.istio.io', 'VirtualService', "jqPathExpressions: ['.spec.http[].route[].weight']"), 'RespectIgnoreDifferences=true') }, 'respect-without-out-of-sync-only', 'apps.yaml'],
  ['argo-cd#17694 an element of a list of a custom resource', { 'ingress.yaml': bare, 'apps.yaml': ignoring(forKind('networking.k8s.io', 'Ingress', 'jqPathExpressions: [\'.spec.rules[]?.http.paths[]?|select(.backend.service.name=="canary-header-route-new")\']'), 'RespectIgnoreDifferences=true') }, 'no-lost-route', 'apps.yaml'],
  ['argo-cd#11876 the image of every container', { 'apps.yaml': ignoring(forImages('.spec.template.spec.containers[].image')) }, 'image-compared', 'apps.yaml'],
  ['argo-cd#23283 the image of one container of a Rollout', { 'apps.yaml': ignoring(forImages('.spec.template.spec.containers[] | select(.name == "app") | .image'), 'RespectIgnoreDifferences=true') }, 'image-compared', 'apps.yaml'],
  ['argo-cd#27480 a whole container of a Rollout', { 'apps.yaml': ignoring(forImages('.spec.template.spec.containers[] | select(.name == "app")'), 'RespectIgnoreDifferences=true') }, 'image-compared', 'apps.yaml'],
  ['argo-cd#17949 the same in an ApplicationSet', { 'apps.yaml': asSet(ignoring(forImages('.spec.template.spec.containers[].image'))) }, 'image-compared', 'apps.yaml'],
  ['argo-cd#8970 a sync that replaces', { 'apps.yaml': (base['apps.yaml'] ?? '').replace('automated: { selfHeal: true }', 'automated: { selfHeal: true }, syncOptions: [Replace=true, RespectIgnoreDifferences=true]') }, 'no-replace-sync', 'apps.yaml'],
  ['talos-argocd-proxmox#1691 (argo-cd#25284) weights of an HTTPRoute that a sync takes, or that keep Git out', { ...gateway(), 'apps.yaml': ignoring(forKind('gateway.networking.k8s.io', 'HTTPRoute', "jqPathExpressions: ['.spec.rules[].backendRefs[].weight']"), 'RespectIgnoreDifferences=true') }, 'no-lost-route', 'apps.yaml'],
  // header and managed routes
  ['argo-rollouts#4486 a header route that is removed after a resume', steps(`${header}\n- pause: {}\n- setWeight: 10`), 'first-step-header-route', 'rollout.yaml'],
  ['argo-rollouts#4716 a header route before the canary has pods', steps(`- pause: { duration: 5 }\n${header}\n- setWeight: 10`), 'header-route-after-pods', 'rollout.yaml'],
  ['argo-rollouts#2829 a managed route that nothing declares', rollout((text) => text.replace(/ {8}managedRoutes:\n[^\n]*\n/, '')), 'managed-route-declared', 'rollout.yaml'],
  ['argo-rollouts#2902 routes in the wrong order: the root path stands before the header route', { 'ingress.yaml': anchored.replace(/( {10}- path: \/\*\n[^\n]*\n[^\n]*canary-header[^\n]*\n)( {10}- path: \/\*\n[^\n]*\n[^\n]*active[^\n]*\n)/, '$2$1') }, 'anchor-in-step', 'ingress.yaml'],
  ['argo-rollouts#2767 a managed route by the name of a Service', { ...rollout((text) => text.replaceAll('canary-header-route-new', 'service-rollout-canary')), 'ingress.yaml': bare }, 'managed-route-is-a-service', 'rollout.yaml'],
  ['argo-rollouts#2463 a mirror route, and a pointer with an asterisk', { ...istio('{ setMirrorRoute: { name: mirror, percentage: 10, match: [{ method: { exact: GET } }] } }, ', 'managedRoutes: [{ name: mirror }], '), 'apps.yaml': ignoring(forKind('networking.istio.io', 'VirtualService', "jsonPointers: ['/spec/http/*']")) }, 'drift-covered', 'apps.yaml'],
  ['gatewayapi#147 a header route without a scale before it', steps(`- pause: {}\n${header}\n- setCanaryScale: { replicas: 1 }\n- pause: {}`), 'header-route-after-pods', 'rollout.yaml'],
  ['gatewayapi#190 a phase of headers alone has no label of being in progress', { ...gateway(), 'apps.yaml': ignoring(forKind('gateway.networking.k8s.io', 'HTTPRoute', 'jqPathExpressions: [\'select(.metadata.labels["rollouts.argoproj.io/gatewayapi-canary"] == "in-progress") | .spec.rules\']')) }, 'drift-covered', 'apps.yaml'],
  // expressions that do not do what they say
  ['argo-cd#25602 an `if` on a Rollout', { 'apps.yaml': ignoring(forImages('if .spec.replicas > 1 then .spec.replicas else .spec.strategy.canary.steps end | .[0]')) }, 'expression-runs', 'apps.yaml'],
  ['argo-cd#16651 an expression that is folded over lines', { 'apps.yaml': ignoring('    - group: networking.k8s.io\n      kind: Ingress\n      jqPathExpressions:\n        - >-\n          .spec.rules[]?.http.paths[]?|select(.backend.\n          service.name=="canary-header-route-new")') }, 'expression-parses', 'apps.yaml'],
  ['argo-cd#7223 a function that gojq does not have', { 'apps.yaml': ignoring(forKind('networking.k8s.io', 'Ingress', "jqPathExpressions: ['.spec.rules[] | getpath([\"a\"]) | ltrimstr2(\"x\")']")) }, 'expression-parses', 'apps.yaml'],
  ['argo-cd#9696 a manager for a whole Ingress', { 'apps.yaml': ignoring(forKind('networking.k8s.io', 'Ingress', 'managedFieldsManagers: [rollouts-controller]')) }, 'manager-on-ingress', 'apps.yaml'],
  ['argo-cd#9071 a manager that writes nothing there', { ...istio(), 'apps.yaml': ignoring(forKind('networking.istio.io', 'VirtualService', 'managedFieldsManagers: [argo-rollouts]')) }, 'drift-covered', 'apps.yaml'],
  ['a rule for a kind without its group, which is the core group', { 'apps.yaml': (base['apps.yaml'] ?? '').replace('group: networking.k8s.io\n      kind: Ingress', 'kind: Ingress') }, 'rule-matches-nothing', 'apps.yaml'],
  ['argo-cd#20477 all annotations', { 'apps.yaml': ignoring(forKind('networking.k8s.io', 'Ingress', 'jsonPointers: [/metadata/annotations]')) }, 'rule-too-broad', 'apps.yaml'],
  ['argo-cd#2918 replicas beside an autoscaler', { 'hpa.yaml': 'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: hpa, namespace: default }\nspec: { maxReplicas: 9, scaleTargetRef: { apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: service-rollout } }\n' }, 'replicas-with-autoscaler', 'rollout.yaml'],
  // weights
  ['gatewayapi#208 a condition that holds on one side only', { ...gateway(), 'apps.yaml': ignoring(forKind('gateway.networking.k8s.io', 'HTTPRoute', 'jqPathExpressions: [\'select(.metadata.labels["rollouts.argoproj.io/gatewayapi-canary"] == "in-progress") | .spec.rules\']')) }, 'expression-symmetric', 'apps.yaml'],
  ['argo-rollouts#3854 and #4539 the manager of the docs on a VirtualService', { ...istio(), 'apps.yaml': ignoring(forKind('networking.istio.io', 'VirtualService', 'managedFieldsManagers: [rollouts-controller]')) }, 'manager-on-ingress', 'apps.yaml'],
  ['argo-rollouts#849 weights that Git holds', { ...istio(), 'virtual-service.yaml': (virtualService['virtual-service.yaml'] ?? '').replace('weight: 100', 'weight: 90').replace('weight: 0', 'weight: 10') }, 'drift-covered', 'apps.yaml'],
  ['argo-rollouts#849 weights that Git holds in the annotation of the ALB', { 'ingress.yaml': anchored.replace('  annotations:\n', "  annotations:\n    alb.ingress.kubernetes.io/actions.service-rollout-active: '{}'\n") }, 'weights-in-git', 'ingress.yaml'],
  ['argo-rollouts#2116 ping-pong, by a hash that Git holds', { 'services.yaml': (base['services.yaml'] ?? '').replace('  selector:\n    app: service-rollout\n', '  selector:\n    app: service-rollout\n    rollouts-pod-template-hash: 7bf84f9696\n') }, 'selector-hash-in-git', 'services.yaml'],
  ['argo-cd#12967 weights without any rule', { ...istio(), 'apps.yaml': ignoring('    []') }, 'drift-covered', 'apps.yaml'],
  ['Kubernetes-Manifests#870 a rule that names one of two routes', { ...gateway(), 'http-route.yaml': (httpRoute['http-route.yaml'] ?? '').replace('port: 80 }, ', 'port: 80, weight: 100 }, ').replace('port: 80 }]', 'port: 80, weight: 0 }]'), 'apps.yaml': ignoring(forKind('gateway.networking.k8s.io', 'HTTPRoute', 'jqPathExpressions: [\'.spec.rules[].backendRefs[] | select(.name | endswith("-root")) | .weight\']')) }, 'drift-covered', 'apps.yaml'],
  // several ingresses, ports, conditions
  ['argo-rollouts#2471 several Ingresses, one of which lacks the service', { ...rollout((text) => text.replace('ingress: service-rollout', 'ingresses: [service-rollout, other]')), 'other.yaml': anchored.replace('name: service-rollout\n', 'name: other\n').replaceAll('service-rollout-active', 'elsewhere') }, 'rollout-valid', 'rollout.yaml'],
  ['argo-rollouts#4097 a VirtualService of several routes of which none is named', { ...routed('{ istio: { virtualService: { name: web } } }'), 'virtual-service.yaml': (virtualService['virtual-service.yaml'] ?? '').replace('}] }]', '}] }, { name: other, route: [{ destination: { host: elsewhere } }] }]') }, 'rollout-valid', 'rollout.yaml'],
  // what writes back
  ['argocd-image-updater#1249 an updater that undoes a revert', { 'apps.yaml': (base['apps.yaml'] ?? '').replace('  namespace: argocd\n', '  namespace: argocd\n  annotations: { argocd-image-updater.argoproj.io/image-list: app=111122223333.dkr.ecr.eu-west-1.amazonaws.com/service-rollout }\n') }, 'updater-undoes-revert', 'apps.yaml'],
]

it.each(cases)('%s is reported', async (_, files, rule, file) => {
  const { findings, diagnostics } = await checkPolicy(discover(Object.entries({ ...base, ...files }).map(([name, text]) => ({ file: name, text }))))
  expect(diagnostics).toEqual([])
  expect(findings.map((one) => `${one.rule} ${one.file}`)).toContain(`${rule} ${file}`)
})

it('of the repository that they are made from nothing is reported', async () => {
  expect((await checkPolicy(discover(Object.entries(base).map(([file, text]) => ({ file, text }))))).findings.filter((one) => one.severity !== 'info')).toEqual([])
})
