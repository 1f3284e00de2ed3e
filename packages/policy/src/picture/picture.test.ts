import { readFileSync } from 'node:fs'
import { SaxesParser } from 'saxes'
import { beforeAll, describe, expect, it } from 'vitest'
import { checkPolicy } from '../check-policy.ts'
import { discover } from '../discover/repository.ts'
import type { Finding } from '../finding.ts'
import type { CanaryPicture, Cell } from './canary-picture.ts'
import { pictureRepository } from './picture-repository.ts'
import { timelineSvg } from './timeline-svg.ts'

const base = ['apps.yaml', 'ingress.yaml', 'rollout.yaml', 'services.yaml'].map((file) => ({ file, text: readFileSync(new URL(`../rules/base/${file}`, import.meta.url), 'utf8') }))
const folded = base.map((one) => (one.file === 'apps.yaml' ? { ...one, text: one.text.replace('.service.name', '. service.name') } : one))
const alone = base.filter((one) => one.file !== 'apps.yaml')

const settings = { argocdVersion: '3.4', rolloutsVersion: '1.9' }

const picturesOf = async (files: typeof base, findings: readonly Finding[] = []): Promise<readonly CanaryPicture[]> => (await pictureRepository(discover(files), { ...settings, findings })).pictures

const picture = async (files: typeof base): Promise<CanaryPicture> => {
  const [good] = await picturesOf(files)
  return good as CanaryPicture
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
    tagsOf(timelineSvg({ ...drawn, rollout: { ...drawn.rollout, name: '"><script>' }, by: ['<&'], title: '</svg>', moments: drawn.moments.map((moment) => ({ ...moment, event: '<', image: { git: '&', live: '<i>' }, step: '<&>', place: '"', routes: [route] })) }))
  })
})

it('with an expression that gojq rejects every moment is unknown, and no sync is judged', async () => {
  const { lanes } = await picture(folded)
  expect(lanes).toHaveLength(1)
  expect(new Set(lanes[0]?.cells.map((cell: Cell) => cell.answer))).toEqual(new Set(['unknown']))
}, 60_000)

it('a blue-green Rollout has its days too, without steps and traffic; a digest is told by its end', async () => {
  const text = `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: bg, namespace: default }
spec:
  selector: { matchLabels: { app: bg } }
  strategy: { blueGreen: { activeService: active, autoPromotionEnabled: false } }
  template: { metadata: { labels: { app: bg } }, spec: { containers: [{ name: app, image: 'host:5000/app@sha256:0123456789abcdef' }] } }
---
apiVersion: v1
kind: Service
metadata: { name: active, namespace: default }
spec: { selector: { app: bg }, ports: [{ port: 80 }] }
`
  const { pictures } = await pictureRepository(discover([{ file: 'bg.yaml', text }]), settings)
  expect(pictures.map(({ title }) => title)).toEqual(['Goes well', ...['Aborted', 'Undone', 'Canary pods crash'].map((what) => expect.stringMatching(new RegExp(`^${what} in the middle of the update`)))])
  const drawn = pictures.map(timelineSvg)
  expect(drawn.every((svg) => tagsOf(svg).includes('svg') && !svg.includes('canary traffic'))).toBe(true)
  expect(drawn[0]).toContain('>…89abcdef<')
}, 60_000)

it('without an Application there is the timeline, and nothing of Argo CD', async () => {
  const { application, lanes, by, moments, ...rest } = await picture(alone)
  expect([application, lanes, by]).toEqual([undefined, [], ['Argo Rollouts v1.9.3']])
  expect(tagsOf(timelineSvg({ ...rest, application, lanes, by, moments }))).toContain('svg')
}, 60_000)

describe('the days that go wrong', () => {
  let days: readonly CanaryPicture[]
  const day = (title: RegExp): CanaryPicture => days.find((one) => title.test(one.title)) as CanaryPicture
  const told = ({ moments }: CanaryPicture): readonly string[] => moments.map(({ event, step }) => `${event}: ${step}`)
  const answers = ({ lanes }: CanaryPicture, lane: number): readonly (string | undefined)[] => lanes[lane]?.cells.map(({ answer }) => answer) ?? []
  beforeAll(async () => {
    days = await picturesOf(base)
  }, 60_000)

  it('are drawn beside the one that goes well, each from the moment before it goes wrong', () => {
    expect(days.map(({ title }) => title)).toEqual(['Goes well', 'Aborted at step 5 of 9', 'Undone at step 5 of 9 while Git names the new image', 'Synced at step 3 of 9', 'Canary pods crash at step 5 of 9'])
    const good = new Map(days[0]?.moments.map((moment) => [moment.number, moment]))
    for (const { moments } of days.slice(1)) expect(moments[0]).toEqual(good.get(moments[0]?.number ?? -1))
  })

  it('an abort takes the traffic and the route back at once, and the pods after a while', () => {
    const aborted = day(/^Aborted/)
    expect(told(aborted)).toEqual(['61 s passed: 5/9 pause', 'aborted: aborted', '31 s passed: aborted', expect.stringMatching(/^Git names .* again: idle$/)])
    expect(aborted.moments.map(({ weight, routes, pods }) => [weight, routes.length, pods.canary])).toEqual([[expect.any(Number), 1, 1], [0, 0, 1], [0, 0, 0], [0, 0, 0]])
  })

  it('an undo leaves Git naming the new image: OutOfSync, and a sync brings it back and begins the canary anew', () => {
    const undone = day(/^Undone/)
    expect(undone.moments.map(({ image }) => image.git === image.live)).toEqual([true, false, true, true])
    expect(answers(undone, 0)).toEqual(['Synced', 'OutOfSync', 'Synced', 'Synced'])
    expect(undone.lanes[1]?.cells[1]).toMatchObject({ answer: 'reverts', why: [expect.stringContaining('/spec/template/spec/containers/app/image')] })
    expect(told(undone)[2]).toMatch(/^a sync changes Rollout .*: 3\/9 pause$/)
  })

  it('a commit to the Ingress that is synced keeps a route that Git holds, and loses one that it does not', async () => {
    expect(day(/^Synced/).moments.map(({ routes }) => routes)).toEqual(Array.from({ length: 4 }, () => [{ name: 'canary-header-route-new', complete: true }]))
    const bare = base.map((one) => (one.file === 'ingress.yaml' ? { ...one, text: withoutRoute(one.text) } : one))
    const lost = (await picturesOf(bare)).find(({ title }) => title.startsWith('Synced'))
    expect(lost?.moments.map(({ routes }) => routes.map(({ complete }) => complete))).toEqual([[true], [false], [false], [false]])
  })

  it('crashed canary pods leave no traffic at the canary', () => {
    expect(day(/crash/).moments.map(({ weight, pods }) => [weight, pods.canary])).toEqual([[expect.any(Number), 1], [0, 0], [0, 0], [0, 0]])
  })
})

describe('findings', () => {
  const unruled = base.map((one) => (one.file === 'apps.yaml' ? { ...one, text: one.text.replace(/\n {2}ignoreDifferences:[\s\S]*/, '\n') } : one))

  it('each mark the moment that they name, on a day of its own where no other day has it, and the picture shows the fault there', async () => {
    const { findings } = await checkPolicy(discover(unruled), settings)
    const named = findings.flatMap(({ moment }, index) => (moment === undefined ? [] : [index + 1]))
    const pictures = await picturesOf(unruled, findings)
    expect(named.length).toBeGreaterThan(0)
    expect(pictures.flatMap(({ marks }) => marks.map(({ finding }) => finding)).sort()).toEqual(named)
    for (const { marks, moments, lanes } of pictures) {
      for (const { moment } of marks) expect(lanes.slice(0, 2).some(({ cells }) => !['Synced', 'safe'].includes(cells[moments.findIndex(({ number }) => number === moment)]?.answer ?? ''))).toBe(true)
    }
  }, 60_000)

  it('that name a moment which only another story leads to get its shortest story', async () => {
    const words = 'all 9 steps done, not promoted yet, pods starting (promoted in full)'
    const finding = { rule: 'x', moment: { rollout: (await picture(base)).rollout, words } } as Finding
    const found = (await picturesOf(base, [finding])).find(({ marks }) => marks.length > 0)
    expect([found?.title, found?.about]).toEqual([`The moment “${words}”`, expect.stringMatching(/^The shortest way to it: image updated to .*; promoted in full\.$/)])
    expect(found?.marks).toEqual([{ finding: 1, moment: found?.moments.find(({ place }) => place.startsWith('all 9 steps done'))?.number }])
  }, 60_000)

  it('decide which canaries are drawn where there are too many', async () => {
    const copies = ['a', 'b', 'c'].flatMap((name) => base.map((one) => ({ file: `${name}/${one.file}`, text: one.text.replaceAll('service-rollout', `service-${name}`).replace('path: ., ', `path: ${name}, `) })))
    const repository = discover(copies)
    const [, , third] = repository.canaries
    const moment = { rollout: third?.rollout.manifest.ref, words: 'idle, no canary' }
    const { pictures, left } = await pictureRepository(repository, { ...settings, findings: [{ rule: 'x', moment } as Finding], most: 1 })
    expect([new Set(pictures.map(({ rollout }) => rollout.name)), left]).toEqual([new Set([third?.rollout.object.metadata.name]), repository.canaries.length - 1])
  }, 60_000)
})

/** Git's Ingress as most have it: the route is the cluster's alone. */
function withoutRoute(ingress: string): string {
  return ingress.replace(/^ +alb\.ingress\.kubernetes\.io\/(?:actions|conditions)\.canary-header-route-new: .*\n/gm, '').replace(/ {10}- path: \/\*\n.*\n.*canary-header-route-new.*\n/, '')
}
