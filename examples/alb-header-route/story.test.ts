import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const page = new URL('../../README.md', import.meta.url)
const blocks = /^```console\n([\s\S]*?)^```$/gm

/** What each command of the story printed, the command first, in order. */
function commandsOf(story: string): readonly string[] {
  return story.split(/\n(?=\$ |# \d)/).filter((part) => part.startsWith('$ ')).map((part) => `${part.trimEnd()}\n`)
}

/** The README with the output of each command that it shows, the first with that line, then the second. UPDATE_README=1 writes it. */
function shownNow(readme: string, commands: readonly string[]): string {
  const left = [...commands]
  return readme.replace(blocks, (_, block: string) => {
    const at = left.findIndex((one) => one.split('\n')[0] === block.split('\n')[0])
    if (at < 0) throw new Error(`the story runs no ${block.split('\n')[0]}, or not after the one before`)
    return `\`\`\`console\n${left.splice(0, at + 1).at(-1) ?? ''}\`\`\``
  })
}

describe('the story of npm start', () => {
  let story = ''
  const place = mkdtempSync(join(tmpdir(), 'story-'))
  afterAll(() => rmSync(place, { recursive: true }))
  beforeAll(() => {
    // As a git hook runs it, with colours asked for.
    const hook = { GIT_DIR: join(place, 'theirs'), GIT_INDEX_FILE: join(place, 'index'), GIT_WORK_TREE: place, FORCE_COLOR: '1', TMPDIR: place }
    const printed = execFileSync(process.execPath, [fileURLToPath(new URL('story.mjs', import.meta.url))], { encoding: 'utf8', env: { ...process.env, ...hook } })
    story = printed.replaceAll(/\b[0-9a-f]{40}\b|(?<=moving main to )[0-9a-f]{10}\b/g, '<commit>')
  }, 120_000)

  it('ends with the image of before on the remote, as one commit more', () => {
    expect(story.trimEnd().split('\n').slice(-4)).toEqual([
      'Revert service-rollout to 111122223333.dkr.ecr.eu-west-1.amazonaws.com/service-rollout:1.4.2',
      'Release 1.5.0',
      'Keep the canary Synced',
      'The canary as its team wrote it',
    ])
  })

  it('leaves nothing behind, and alone the repository that git would commit to', () => {
    expect(readdirSync(place).filter((name) => name !== 'node-compile-cache')).toEqual([])
  })

  it('is what the README shows', () => {
    const readme = readFileSync(page, 'utf8')
    expect([...readme.matchAll(blocks)].length).toBeGreaterThan(5)
    const now = shownNow(readme, commandsOf(story))
    if (process.env['UPDATE_README'] === '1') writeFileSync(page, now)
    expect(readFileSync(page, 'utf8')).toBe(now)
  })
})
