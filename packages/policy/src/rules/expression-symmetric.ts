import { ignoreSpot } from '../spots.ts'
import { defineRule, type Rule } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'expression-symmetric',
    severity: 'error',
    recommended: true,
    summary: "Each rule means the same on Git's object and on the live one",
    messages: {
      oneSided: '{what}: its condition reads something that only one side has',
    },
    hint: 'let the condition read only what is inside the element that is taken out',
    threads: ['argoproj-labs/rollouts-plugin-trafficrouter-gatewayapi#208', 'argoproj-labs/rollouts-plugin-trafficrouter-gatewayapi#190'],
  },
  check({ canaries, report }) {
    for (const canary of canaries) {
      for (const one of canary.verdict('symmetric')?.counterExamples ?? []) {
        const spot = ignoreSpot(canary)
        report('oneSided', one.rule === undefined || canary.application === undefined ? spot : { manifest: spot.manifest, pointer: `/spec/ignoreDifferences/${one.rule}` }, { what: one.what })
      }
    }
  },
})

export default rule
