import { describe, expect, it } from 'vitest'
import { happyPath } from './happy-path.ts'
import { canary, header, rollout } from './small-world.test-d.ts'

const middle = (strategy: Readonly<Record<string, unknown>>): unknown => happyPath(rollout(strategy), 'app:2').slice(1, -1)

describe('happyPath', () => {
  it('is the new image, what each step waits for, and the delay of the old pods', () => {
    const steps = [{ setWeight: 20 }, { pause: { duration: '1m' } }, header('hr'), { pause: {} }, { analysis: { templates: [] } }, { experiment: { templates: [] } }]
    expect(happyPath(rollout(canary(steps)), 'app:2')).toEqual([
      { do: 'apply', image: 'app:2', rollout: 'web' }, { do: 'wait', seconds: 61 }, { do: 'promote', rollout: 'web' }, { do: 'analysis', phase: 'Successful' },
      { do: 'experiment', phase: 'Running' }, { do: 'experiment', phase: 'Successful' }, { do: 'wait', seconds: 31 },
    ])
  })

  it('is no more than the image for a Rollout without a strategy, which the controller rejects', () => {
    expect(happyPath({ ...rollout({}), spec: {} }, 'app:2').map((event) => event.do)).toEqual(['apply', 'wait'])
  })

  it('asks nothing of a step that is null', () => {
    expect(middle(canary([null, { pause: {} }]))).toEqual([{ do: 'promote', rollout: 'web' }])
  })

  it('asks nothing of a step that a weight or a scale decides', () => {
    expect(middle(canary([{ setWeight: 20, analysis: { templates: [] } }, { setCanaryScale: { replicas: 1 } }]))).toEqual([])
  })

  it('switches a blue-green Rollout by hand, by time or by itself, between its analyses', () => {
    const blueGreen = { activeService: 'a', previewService: 'b' }
    expect(middle({ blueGreen })).toEqual([])
    expect(middle({ blueGreen: { ...blueGreen, autoPromotionEnabled: false } })).toEqual([{ do: 'promote', rollout: 'web' }])
    expect(middle({ blueGreen: { ...blueGreen, autoPromotionSeconds: 5, prePromotionAnalysis: {}, postPromotionAnalysis: {} } })).toEqual([
      { do: 'analysis', phase: 'Successful' }, { do: 'wait', seconds: 6 }, { do: 'analysis', phase: 'Successful' },
    ])
  })
})
