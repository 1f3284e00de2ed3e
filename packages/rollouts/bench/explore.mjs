// Every state of the example's Rollout, and of a Rollout of 20 steps with 3 header routes.
import { readFileSync } from 'node:fs'
import { parse } from '../../manifests/dist/index.js'
import { explore, rolloutsProfile, rolloutsVersions, worldOf } from '../dist/index.js'

const example = new URL('../../../examples/alb-header-route/', import.meta.url)
const files = ['rollout.yaml', 'services.yaml', 'ingress.yaml'].map(file => ({ file, bytes: readFileSync(new URL(file, example)) }))
const small = worldOf(parse(files).manifests.map(manifest => manifest.value))
const { profile } = rolloutsProfile(rolloutsVersions[0])
const ref = { group: 'argoproj.io', kind: 'Rollout', namespace: 'default', name: 'service-rollout' }

const route = (name, value) => ({ setHeaderRoute: { name, match: [{ headerName: 'version', headerValue: { exact: value } }] } })
const stages = ['a', 'b', 'c'].flatMap((name, index) => [route(`route-${name}`, name), { setWeight: 10 + 20 * index }, { pause: {} }, { setWeight: 20 + 20 * index }, { pause: { duration: '30s' } }, { setHeaderRoute: { name: `route-${name}` } }])
const steps = [{ setCanaryScale: { weight: 10 } }, ...stages, { setCanaryScale: { matchTrafficWeight: true } }]
if (steps.length !== 20) throw new Error(`${steps.length} steps`)
const large = new Map([...small].map(([key, object]) => {
  if (object.kind !== 'Rollout') return [key, object]
  const { canary } = object.spec.strategy
  const trafficRouting = { ...canary.trafficRouting, managedRoutes: ['a', 'b', 'c'].map(name => ({ name: `route-${name}` })) }
  return [key, { ...object, spec: { ...object.spec, strategy: { canary: { ...canary, steps, trafficRouting } } } }]
}))

const described = world => {
  const { states, tried, cut } = explore(world, ref, profile)
  const invalid = states.find(({ state }) => state.moment.at === 'invalid')
  if (invalid !== undefined) throw new Error('the controller rejects the Rollout')
  return `${states.length} states after ${tried} events${cut === 'moments' ? ', cut by the bound' : ''}`
}

export default {
  name: 'explore',
  goal: 'at most 50 ms for the example, 500 ms for 20 steps, warm, on 2 idle cores',
  beside: [{ label: 'states of the example', text: described(small) }, { label: 'states of 20 steps', text: described(large) }],
  cases: {
    'the example': () => explore(small, ref, profile),
    '20 steps, 3 header routes': () => explore(large, ref, profile),
  },
}
