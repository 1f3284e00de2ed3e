import type { KubeObject } from '@rollsync/manifests'
import { anchor, anchored, anchorRule, headerStep, images, ingress, rollout, route, services, teamRule } from './base-canary.ts'
import type { LiveEvent, Scenario } from './scenario.ts'

/** So many days drawn from a seed; the same seed draws the same days. */
export function randomScenarios(seed: number, count: number): readonly Scenario[] {
  const draw = drawer(seed)
  return Array.from({ length: count }, (_, index) => randomScenario(`seed ${seed} day ${index + 1}`, draw))
}

type Draw = <T>(choices: readonly T[]) => T

/** mulberry32 */
function drawer(seed: number): Draw {
  let state = seed
  return (choices) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    const fraction = ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
    return choices[Math.floor(fraction * choices.length)] as (typeof choices)[number]
  }
}

const weight = (setWeight: number): Readonly<Record<string, unknown>> => ({ setWeight })
const stepLists = [
  [{ setCanaryScale: { weight: 10 } }, headerStep, { pause: {} }, weight(50), { pause: {} }],
  [weight(20), { pause: {} }, headerStep, { pause: {} }, weight(60), { pause: {} }],
  [weight(25), { pause: {} }, weight(75), { pause: {} }],
  [{ setCanaryScale: { replicas: 2 } }, headerStep, { pause: {} }, { setHeaderRoute: { name: route } }, { pause: {} }, weight(40), { pause: {} }],
]
const gitIngresses: readonly KubeObject[] = [ingress(['active']), anchored, ingress([route, 'active']), ingress(['active'], anchor)]
const rules = [undefined, [teamRule], [anchorRule], [{ ...teamRule, jqPathExpressions: [], jsonPointers: ['/spec/rules'] }]]
const options = [undefined, undefined, ['ApplyOutOfSyncOnly=true'], ['RespectIgnoreDifferences=true'], ['RespectIgnoreDifferences=true', 'ApplyOutOfSyncOnly=true'], ['ServerSideApply=true']]
const autos = [undefined, undefined, { prune: true }]

function randomScenario(name: string, draw: Draw): Scenario {
  const [ignoreDifferences, syncOptions, automated] = [draw(rules), draw(options), draw(autos)]
  const canary = draw([{}, {}, { dynamicStableScale: true, scaleDownDelaySeconds: undefined }])
  return {
    name, rollout: 'web', objects: [...services, draw(gitIngresses), rollout({ steps: draw(stepLists), canary })],
    application: { ...(ignoreDifferences === undefined ? {} : { ignoreDifferences }), ...(syncOptions === undefined ? {} : { syncOptions }), ...(automated === undefined ? {} : { automated }) },
    events: [{ do: 'commit', image: images.after }, ...randomEvents(draw)],
  }
}

function randomEvents(draw: Draw): readonly LiveEvent[] {
  const team = draw(['shop', 'search'])
  const choices: readonly LiveEvent[] = [
    { do: 'promote' }, { do: 'promote' }, { do: 'promote-full' }, { do: 'abort' }, { do: 'retry' },
    { do: 'commit', image: images.third }, { do: 'commit', image: images.before }, { do: 'revert', to: images.before, rollout: 'web' },
    { do: 'commit', kind: 'Service', name: 'active', patch: { metadata: { labels: { team } } } },
    { do: 'commit', kind: 'Ingress', name: 'web', patch: { metadata: { annotations: { 'alb.ingress.kubernetes.io/group.order': draw(['3', '7']) } } } },
    { do: 'edit', kind: 'Ingress', name: 'web', patch: { metadata: { annotations: { 'alb.ingress.kubernetes.io/scheme': 'internet-facing' } } } },
    { do: 'edit', kind: 'Ingress', name: 'web', patch: { metadata: { labels: { touched: 'yes' } } } },
    { do: 'pods', image: images.third, state: 'crash' }, { do: 'pods', image: images.third, state: 'ready' },
  ]
  return Array.from({ length: 4 }, () => draw(choices))
}
