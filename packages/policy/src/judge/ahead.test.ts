import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkPolicy, type PolicySettings } from '../check-policy.ts'
import { discover } from '../discover/repository.ts'
import { judgeShared, type StartThreads } from './ahead.ts'

const base = new URL('../rules/base/', import.meta.url)
const texts = readdirSync(base).map((name) => ({ name, text: readFileSync(new URL(name, base), 'utf8') }))

/** Services from one template in five forms. */
const files = Array.from({ length: 22 }, (_, index) => {
  const name = `checkout-${String(index).padStart(3, '0')}`
  const ofForm = (text: string): string => text.replaceAll('service-rollout', name).replace('path: .,', `path: ${name},`).replace('replicas: 10', `replicas: ${10 + (index % 5)}`)
  return texts.map((one) => ({ file: `${one.name === 'apps.yaml' ? 'argocd' : name}/${name}-${one.name}`, text: ofForm(one.text) }))
}).flat()

async function report(start?: StartThreads, least = 1): Promise<string> {
  const settings: PolicySettings = start === undefined ? {} : { threads: { start, least } }
  return JSON.stringify(await checkPolicy(discover(files), settings))
}

/** A thread that is none: what it is sent is copied as to a thread, and so is what it tells. */
const inThisThread = (judgedBy: number[], most = Infinity): StartThreads => (work, tell, ended) => {
  const working = judgeShared({ ...structuredClone({ ...work, taken: undefined }), taken: work.taken }, (index, judgement) => {
    if (judgedBy.length >= most) throw new Error('the thread ended')
    judgedBy.push(index)
    tell(index, structuredClone(judgement))
  }).catch(ended)
  return { stop: async () => void (await working) }
}

describe('threads that judge beside this one', () => {
  it('change nothing of the answer, and neither does one that ends before its time', async () => {
    const alone = await report()
    const judgedBy: number[] = []
    expect(await report(inThisThread(judgedBy))).toBe(alone)
    expect(judgedBy.length).toBeGreaterThan(0)
    const few: number[] = []
    expect(await report(inThisThread(few, 0))).toBe(alone)
    expect(few).toEqual([])
    const none: number[] = []
    expect(await report(inThisThread(none), 3)).toBe(alone)
    expect(none).toEqual([])
  }, 120_000)

  it('are not started where all Rollouts are of one form', async () => {
    const oneForm = files.filter(({ file }) => Number(/checkout-(\d+)/.exec(file)?.[1]) % 5 === 0)
    let started = 0
    await checkPolicy(discover(oneForm.flatMap(({ file, text }) => Array.from({ length: 4 }, (_, copy) => ({ file: file.replaceAll('checkout-0', `checkout-${copy + 1}`), text: text.replaceAll('checkout-0', `checkout-${copy + 1}`) })))), {
      threads: {
        least: 1,
        start: () => {
          started += 1
          return { stop: async () => undefined }
        },
      },
    })
    expect(started).toBe(0)
  }, 60_000)
})
