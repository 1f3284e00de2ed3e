import { isMap, valueAt } from '@rollsync/manifests'
import { defineRule, type Rule } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'canary-scale-sticks',
    severity: 'warning',
    recommended: true,
    summary: 'The canary has the pods for the traffic that it gets',
    messages: {
      sticks: '{weight} % of the traffic goes to pods for {scale} %: setCanaryScale of step {step} holds until a step says matchTrafficWeight',
    },
    hint: 'put `- setCanaryScale: { matchTrafficWeight: true }` before it',
    threads: ['argoproj/argo-rollouts#4716'],
  },
  check({ canaries, report }) {
    for (const { scope: { rollout: { object, manifest } } } of canaries) {
      const replicas = Number(valueAt(object, '/spec/replicas') ?? 1)
      const steps = valueAt(object, '/spec/strategy/canary/steps')
      let stuck: { readonly step: number; readonly scale: number } | undefined
      for (const [index, step] of (Array.isArray(steps) ? steps : []).entries()) {
        const scale: unknown = valueAt(step, '/setCanaryScale')
        if (isMap(scale)) stuck = scaleOf(scale, replicas, index)
        const weight = valueAt(step, '/setWeight')
        if (stuck === undefined || typeof weight !== 'number' || weight <= stuck.scale) continue
        report('sticks', { manifest, pointer: `/spec/strategy/canary/steps/${index}/setWeight`, mark: 'key' }, { weight, scale: stuck.scale, step: stuck.step }, undefined, [{ do: 'insert', pointer: `/spec/strategy/canary/steps/${index}`, value: { setCanaryScale: { matchTrafficWeight: true } } }])
        stuck = undefined // mended there, the later steps are
      }
    }
  },
})

export default rule

/** How much of the traffic the pods of a setCanaryScale are meant for; `replicas` goes before `weight` (utils/replicaset/canary.go:371). */
function scaleOf(scale: Readonly<Record<string, unknown>>, replicas: number, index: number): { readonly step: number; readonly scale: number } | undefined {
  if (scale['matchTrafficWeight'] === true) return undefined
  if (typeof scale['replicas'] === 'number') return { step: index + 1, scale: Math.floor((100 * scale['replicas']) / Math.max(1, replicas)) }
  return typeof scale['weight'] === 'number' ? { step: index + 1, scale: scale['weight'] } : undefined
}
