import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const shown = [...readme.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map(([, block]) => block ?? '')

describe('the story of npm start', () => {
  let story = ''
  beforeAll(() => {
    const printed = execFileSync(process.execPath, [fileURLToPath(new URL('story.mjs', import.meta.url))], { encoding: 'utf8' })
    story = printed.replaceAll(/\b[0-9a-f]{40}\b/g, '<commit>')
  }, 120_000)

  it('ends with the image of before on the remote, as one commit more', () => {
    expect(story.trimEnd().split('\n').slice(-4)).toEqual([
      'Revert service-rollout to 111122223333.dkr.ecr.eu-west-1.amazonaws.com/service-rollout:1.4.2',
      'Release 1.5.0',
      'Keep the canary Synced',
      'The canary as its team wrote it',
    ])
  })

  it('is what the README shows', () => {
    expect(shown.length).toBeGreaterThan(5)
    for (const block of shown) expect(story).toContain(block)
  })
})
