// One rule on the canary's Ingress, and whole compares of it, beside jq-wasm on the same rule. Recorded Go figures (a quiet machine of 2 cores, minimum of 8 runs):
// the ignore normaliser on the live object 0.25 ms, StateDiff legacy 1.48 ms.
import { readFileSync } from 'node:fs'
import { applyAs, argocdProfile, changedBy, compare, compileRules, ignoreFields, jqEngine } from '../dist/index.js'

const service = (name) => ({ path: '/*', pathType: 'ImplementationSpecific', backend: { service: { name, port: { name: 'use-annotation' } } } })
const ingress = (services, annotations) => ({
  apiVersion: 'networking.k8s.io/v1', kind: 'Ingress',
  metadata: { name: 'service-rollout', namespace: 'shop', annotations: {
    'alb.ingress.kubernetes.io/healthcheck-path': '/healthz', 'alb.ingress.kubernetes.io/scheme': 'internet-facing', 'alb.ingress.kubernetes.io/target-type': 'ip',
    'argocd.argoproj.io/tracking-id': 'demo:networking.k8s.io/Ingress:shop/service-rollout', ...annotations,
  } },
  spec: { ingressClassName: 'alb', rules: [{ host: 'qa-domain.com', http: { paths: services.map(service) } }] },
})
const target = ingress(['service-rollout-active'], {})
const applied = applyAs(target, null, 'client side').live
const expression = '.spec.rules[]?.http.paths[]?|select(.backend.service.name=="canary-header-route-new")'
const action = (name, weight) => ({ ServiceName: name, ServicePort: '80', Weight: weight })
const canary = ingress(['canary-header-route-new', 'service-rollout-active'], {
  ...applied.metadata.annotations,
  'alb.ingress.kubernetes.io/actions.service-rollout-active': JSON.stringify({ Type: 'forward', ForwardConfig: { TargetGroups: [action('service-rollout-canary', 0), action('service-rollout-root', 100)] } }),
  'alb.ingress.kubernetes.io/actions.canary-header-route-new': JSON.stringify({ Type: 'forward', ForwardConfig: { TargetGroups: [action('service-rollout-canary', 100)] } }),
  'alb.ingress.kubernetes.io/conditions.canary-header-route-new': '[{"field":"http-header","httpHeaderConfig":{"httpHeaderName":"version","values":["2"]}}]',
})
const live = changedBy(applied, { ...canary, metadata: { ...canary.metadata, uid: '1', resourceVersion: '1000', generation: 2 } }, 'rollouts-controller')

const { profile } = argocdProfile('3.5.1')
const rules = compileRules([{ group: 'networking.k8s.io', kind: 'Ingress', name: 'service-rollout', jqPathExpressions: [expression] }], { profile, jq: jqEngine({ gojq: profile.gojq, foreign: 'none' }) })
const { jq } = await import('jq-wasm').then((module) => ({ jq: module.json ?? module.default?.json }), () => ({ jq: undefined }))

const modes = ['legacy', 'smd', 'ssd']
for (const mode of modes) if (compare(target, live, { rules, mode }).sync !== 'Synced') throw new Error(`${mode}: the rule does not cover the canary`)

const recorded = JSON.parse(readFileSync(new URL('../../conformance/vectors/argocd/timings.json', import.meta.url), 'utf8'))
const go = (name, label) => ({ label, text: `${(recorded.nsPerOp[name].min / 1e6).toPrecision(3)} ms`, note: `recorded: Argo CD ${recorded.argocd}, Go ${recorded.go}, a quiet ${recorded.cpu}` })

export default {
  name: 'canary Ingress, one rule',
  goal: 'rule at most 0.05 ms, legacy compare at most 0.3 ms',
  beside: [go('IgnoreNormalizeRun', "Argo CD's ignore step"), go('StateDiffLegacy', "Argo CD's legacy compare")],
  cases: {
    'ignore rules on live': () => ignoreFields(live, rules),
    ...Object.fromEntries(modes.map((mode) => [`compare, ${mode}`, () => compare(target, live, { rules, mode })])),
    ...(jq ? { 'the rule alone in jq-wasm': () => jq(live, `del(${expression})`) } : {}),
  },
}
