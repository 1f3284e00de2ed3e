import { readFileSync } from 'node:fs'
import { SaxesParser } from 'saxes'
import { beforeAll, describe, expect, it } from 'vitest'
import { discover } from '../discover/repository.ts'
import type { CanaryPicture, Cell } from './canary-picture.ts'
import { pictureRepository } from './picture-repository.ts'
import { timelineSvg } from './timeline-svg.ts'

const base = ['apps.yaml', 'ingress.yaml', 'rollout.yaml', 'services.yaml'].map((file) => ({ file, text: readFileSync(new URL(`../rules/base/${file}`, import.meta.url), 'utf8') }))
const folded = base.map((one) => (one.file === 'apps.yaml' ? { ...one, text: one.text.replace('.service.name', '. service.name') } : one))
const alone = base.filter((one) => one.file !== 'apps.yaml')

const picture = async (files: typeof base): Promise<CanaryPicture> => {
  const [one, ...more] = await pictureRepository(discover(files), { argocdVersion: '3.4', rolloutsVersion: '1.9' })
  expect(more).toEqual([])
  return one as CanaryPicture
}

/** Fails where the text is no well-formed XML. */
function tagsOf(xml: string): readonly string[] {
  const tags: string[] = []
  const parser = new SaxesParser()
  parser.on('error', (error) => { throw error })
  parser.on('opentag', (tag) => tags.push(tag.name))
  parser.write(xml).close()
  return tags
}

describe('the picture of a canary whose route Git holds', () => {
  let drawn: CanaryPicture
  beforeAll(async () => {
    drawn = await picture(base)
  }, 60_000)

  it('goes from the first deploy through the steps to the end', () => {
    const steps = drawn.moments.map((moment) => moment.step)
    expect(steps.slice(0, 2)).toEqual(['deploying', 'idle'])
    expect(steps).toEqual(expect.arrayContaining(['3/9 pause', '5/9 pause', '9/9 pause', 'all 9 done']))
    expect(steps.at(-1)).toBe('idle')
  })

  it('shows traffic, pods and the header route at each moment', () => {
    const at = (step: string): unknown => {
      const moment = drawn.moments.find((one) => one.step === step)
      return [moment?.weight, moment?.pods, moment?.routes]
    }
    expect(at('3/9 pause')).toEqual([0, { canary: 1, stable: 10, wanted: 10 }, [{ name: 'canary-header-route-new', complete: true }]])
    expect(at('9/9 pause')).toEqual([80, { canary: 8, stable: 10, wanted: 10 }, [{ name: 'canary-header-route-new', complete: true }]])
  })

  it('shows what the cluster holds against Git, without the image of the Rollout', () => {
    const kinds = drawn.moments.flatMap((moment) => moment.drifts.map((one) => one.resource.kind))
    expect([kinds.includes('Ingress'), kinds.includes('Rollout')]).toEqual([true, false])
  })

  it('asks Argo CD to compare and to sync, as configured and with the options that people try', () => {
    expect(drawn.lanes.map(({ asks, options }) => [asks, ...options].join(' '))).toEqual([
      'compare', 'sync', 'sync RespectIgnoreDifferences=true', 'sync ApplyOutOfSyncOnly=true RespectIgnoreDifferences=true', 'sync ServerSideApply=true',
    ])
    const answers = (lane: number): ReadonlySet<string> => new Set(drawn.lanes[lane]?.cells.map((cell) => `${cell.answer} ${cell.when}`))
    expect([answers(0), answers(1)]).toEqual([new Set(['Synced always']), new Set(['safe always'])])
    expect(answers(2)).toContain('freezes with a change in Git')
    // The selector of a Service is atomic: a server-side apply replaces it whole.
    expect(drawn.lanes[4]?.cells[3]).toMatchObject({ answer: 'reverts', why: expect.arrayContaining([expect.stringContaining('rollouts-pod-template-hash')]) })
  })

  it('is drawn as the golden file, one column for each moment, and well-formed', async () => {
    const svg = timelineSvg(drawn)
    await expect(svg).toMatchFileSnapshot('golden/timeline.svg')
    expect(tagsOf(svg).filter((tag) => tag === 'g')).toHaveLength(drawn.moments.length + 1)
    expect(svg).not.toMatch(/(href|src)=|url\(|@import/)
  })

  it('stays well-formed whatever a name holds', () => {
    const route = { name: '<b>&"\'\0', complete: false }
    tagsOf(timelineSvg({ ...drawn, rollout: { ...drawn.rollout, name: '"><script>' }, by: ['<&'], moments: drawn.moments.map((moment) => ({ ...moment, step: '<&>', place: '"', routes: [route] })) }))
  })
})

it('with an expression that gojq rejects every moment is unknown, and no sync is judged', async () => {
  const { lanes } = await picture(folded)
  expect(lanes).toHaveLength(1)
  expect(new Set(lanes[0]?.cells.map((cell: Cell) => cell.answer))).toEqual(new Set(['unknown']))
}, 60_000)

it('without an Application there is the timeline, and nothing of Argo CD', async () => {
  const { application, lanes, by, moments } = await picture(alone)
  expect([application, lanes, by]).toEqual([undefined, [], ['Argo Rollouts v1.9.3']])
  expect(tagsOf(timelineSvg({ rollout: { group: '', kind: 'Rollout', namespace: '', name: 'a' }, application, lanes, by, moments }))).toContain('svg')
}, 60_000)
