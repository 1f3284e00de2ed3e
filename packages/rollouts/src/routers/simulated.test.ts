import type { KubeObject } from '@rollsync/manifests'
import { describe, expect, it } from 'vitest'
import type { Event } from '../event.ts'
import { rolloutsProfile } from '../profile.ts'
import { simulate } from '../simulate.ts'
import { worldOf } from '../world.ts'

// The routers as the whole simulation calls them, sync by sync: what is live at the end of each event.
const labels = { app: 'web' }
const service = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec: { selector: labels, ports: [{ port: 80 }] } })
const steps = [{ setCanaryScale: { weight: 50 } }, { setHeaderRoute: { name: 'hr', match: [{ headerName: 'version', headerValue: { exact: '2' } }] } }, { pause: {} }, { setWeight: 30 }, { pause: {} }]
const events: readonly Event[] = [{ do: 'apply', image: 'web:2' }, { do: 'promote' }, { do: 'promote' }, { do: 'wait', seconds: 31 }]

function rollout(trafficRouting: Readonly<Record<string, unknown>>): KubeObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: 2, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'web:1' }] } },
      strategy: { canary: { stableService: 'stable', canaryService: 'canary', trafficRouting: { managedRoutes: [{ name: 'hr' }], ...trafficRouting }, steps } },
    },
  }
}

/** The live object at the end of each event, in the newest recorded version. */
function livesOf(trafficRouting: Readonly<Record<string, unknown>>, object: KubeObject, key: string): readonly KubeObject[] {
  const objects = [service('stable'), service('canary'), object, rollout(trafficRouting)]
  const { states } = simulate(worldOf(objects), { events, profile: rolloutsProfile('v1.10.2').profile })
  const last = events.flatMap((_, index) => states.filter(({ moment }) => moment.event === index + 1).at(-1) ?? [])
  expect(states.every(({ settled }) => settled)).toBe(true)
  return last.map(({ world }) => world.get(key) as KubeObject)
}

describe('a canary with a header route', () => {
  it('leaves a VirtualService of Istio as it found it, but for the weights', () => {
    const object: KubeObject = {
      apiVersion: 'networking.istio.io/v1alpha3', kind: 'VirtualService', metadata: { name: 'vs', namespace: 'default' },
      spec: { http: [{ route: [{ destination: { host: 'stable' }, weight: 100 }, { destination: { host: 'canary' }, weight: 0 }] }] },
    }
    const lives = livesOf({ istio: { virtualService: { name: 'vs' } } }, object, 'networking.istio.io/VirtualService/default/vs')
    const http = lives.map(({ spec }) => (spec as { readonly http: readonly { readonly name?: string; readonly route: readonly { readonly weight: number }[] }[] }).http)
    expect(http.map((routes) => routes.map(({ name = '' }) => name))).toEqual([['hr', ''], ['hr', ''], [''], ['']])
    expect(http.map((routes) => routes.at(-1)?.route.map(({ weight }) => weight))).toEqual([[100, 0], [70, 30], [100, 0], [100, 0]])
  })

  it('adds a rule to an HTTPRoute of the Gateway API and takes it away', () => {
    const object: KubeObject = {
      apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name: 'route', namespace: 'default' },
      spec: { rules: [{ backendRefs: [{ name: 'stable', port: 80 }, { name: 'canary', port: 80 }] }] },
    }
    const lives = livesOf({ plugins: { 'argoproj-labs/gatewayAPI': { httpRoute: 'route' } } }, object, 'gateway.networking.k8s.io/HTTPRoute/default/route')
    const rules = lives.map(({ spec }) => (spec as { readonly rules: readonly { readonly name?: string; readonly backendRefs: readonly { readonly weight?: number }[] }[] }).rules)
    expect(rules.map((all) => all.map(({ name = '' }) => name))).toEqual([['', 'hr'], ['', 'hr'], [''], ['']])
    expect(rules.map(([first]) => first?.backendRefs.map(({ weight }) => weight))).toEqual([[100, 0], [70, 30], [100, 0], [100, 0]])
    expect(lives.map(({ metadata }) => metadata.labels ?? {})).toEqual([{}, { 'rollouts.argoproj.io/gatewayapi-canary': 'in-progress' }, {}, {}])
  })

  it('makes an ApisixRoute of its own and deletes it', () => {
    const object: KubeObject = {
      apiVersion: 'apisix.apache.org/v2', kind: 'ApisixRoute', metadata: { name: 'route', namespace: 'default' },
      spec: { http: [{ name: 'route', backends: [{ serviceName: 'stable', servicePort: 80 }, { serviceName: 'canary', servicePort: 80 }] }] },
    }
    const lives = livesOf({ apisix: { route: { name: 'route' } } }, object, 'apisix.apache.org/ApisixRoute/default/hr')
    expect(lives.map((live) => live !== undefined)).toEqual([true, true, false, false])
  })
})
