import { describe, expect, it } from 'vitest'
import type { Event } from './event.ts'
import { rolloutsProfile } from './profile.ts'
import { describeQuirk, quirks } from './quirk.ts'
import { simulate } from './simulate.ts'
import { canary, header, pathTo, rollout, smallWorld } from './small-world.test-d.ts'
import type { State } from './state.ts'
import type { World } from './world.ts'

const run = (world: World, events: readonly Event[]): State => simulate(world, { events, profile: rolloutsProfile('v1.10.2').profile }).states.at(-1) as State
const shown = (state: State): readonly string[] => state.notes.map(({ id }) => id)
const update: Event = { do: 'apply', image: 'app:2' }
const overwrite = (how: 'apply' | 'replace'): Event => ({ do: 'overwrite', kind: 'Ingress', name: 'web', how })

describe('quirks', () => {
  it('have one line each and a link to the upstream code', () => {
    for (const { line, upstream } of Object.values(quirks)) {
      expect(line).toMatch(/^[a-z].*[^.]$/)
      expect(upstream).toMatch(/^https:\/\/github\.com\/argoproj(-labs)?\/[^/]+\/blob\/v/)
    }
    expect(describeQuirk({ id: 'flapping', on: 'Ingress web' })).toMatch(/^Ingress web: the state comes back for ever.*\(https:/)
  })

  it('are not seen in an update that goes well', () => {
    expect(shown(run(smallWorld(rollout(canary([{ setWeight: 20 }, { pause: {} }]))), [update]))).toEqual([])
  })

  it('show a lost header route as long as it is due, and no longer', () => {
    const world = smallWorld(rollout(canary([{ setCanaryScale: { weight: 25 } }, header('hr'), { pause: {} }])))
    expect(shown(run(world, [update]))).not.toContain('header-route-not-reasserted')
    expect(shown(run(world, [update, overwrite('apply')]))).toContain('header-route-not-reasserted')
    expect(shown(run(world, [update, overwrite('apply'), { do: 'promote' }, { do: 'wait', seconds: 31 }]))).not.toContain('header-route-not-reasserted')
  })

  it('show a header path without its action', () => {
    const taken: Event = { do: 'edit', kind: 'Ingress', name: 'web', patch: { spec: { rules: [{ http: { paths: [pathTo('hr'), pathTo('web-root')] } }] } } }
    expect(shown(run(smallWorld(rollout(canary([{ setWeight: 20 }, { pause: {} }]))), [update, taken]))).toContain('route-without-annotations')
  })
})
