import { type CounterExample, momentsText } from '@rollsync/ignore'
import { type Manifest, refKey, valueAt } from '@rollsync/manifests'
import type { JudgedCanary } from '../judged-canary.ts'
import { defineRule, type Rule, type Spot } from '../rule.ts'
import { spotAt } from '../spots.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'route-reaches-canary',
    severity: 'error',
    recommended: true,
    summary: 'While a header route is live, its requests reach the canary, and every other request goes where it went before',
    messages: {
      misrouted: '{what}, at {moments} of the canary of {rollout}',
      outage: '{what}, at {moments} of the canary of {rollout}: users get errors',
    },
    hint: '`rollsync route --host HOST --path PATH --header NAME:VALUE` shows every moment and the rule that decides',
    threads: ['argoproj/argo-rollouts#2767', 'argoproj/argo-rollouts#4486'],
  },
  check({ canaries, report }) {
    for (const canary of canaries) {
      for (const examples of byObject(canary.verdict('reachable')?.counterExamples ?? [])) {
        const [first] = examples
        if (first === undefined) continue
        const otherwise = examples.length > 1 ? ' (and otherwise)' : ''
        const moments = [...new Set(examples.flatMap((one) => one.moments))]
        const data = { what: first.what + otherwise, moments: momentsText(moments), rollout: canary.scope.rollout.object.metadata.name }
        report(first.verdict === 'outage' ? 'outage' : 'misrouted', spotAt(spotOf(canary, first), canary, moments), data)
      }
    }
  },
})

export default rule

/** One finding for each Ingress and verdict: the weights of the moment make many sentences of one fault. */
function byObject(examples: readonly CounterExample[]): readonly (readonly CounterExample[])[] {
  const groups = new Map<string, CounterExample[]>()
  for (const one of examples) {
    const key = `${one.verdict} ${refKey(one.resource)}`
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()]
}

/** The rules of the Ingress that routes it, which a person can mend; else the Rollout. */
function spotOf({ scope, application }: JudgedCanary, { resource }: CounterExample): Spot {
  const manifest: Manifest | undefined = [...(application?.objects ?? []), ...scope.neighbours].find((one) => one.object.kind === 'Ingress' && one.object.metadata.name === resource.name && one.object.metadata.namespace === resource.namespace)?.manifest
  if (manifest === undefined) return { manifest: scope.rollout.manifest, pointer: '/metadata/name' }
  return { manifest, pointer: valueAt(manifest.value, '/spec/rules') === undefined ? '/spec' : '/spec/rules', mark: 'key' }
}
