import { readdirSync, readFileSync } from 'node:fs'
import { applyEdits } from '@rollsync/manifests'
import { describe, expect, it } from 'vitest'
import { checkPolicy } from '../check-policy.ts'
import { discover } from '../discover/repository.ts'
import { rules } from './index.ts'

const here = new URL('.', import.meta.url)
const base = new Map(readdirSync(new URL('base/', here)).map((name) => [name, readFileSync(new URL(`base/${name}`, here), 'utf8')]))

/** The base repository with the first bad example of a page. */
function firstBad(id: string): Map<string, string> {
  const page = readFileSync(new URL(`${id}.md`, here), 'utf8')
  const bad = page.slice(page.indexOf('\n## Bad\n'), page.indexOf('\nReported:'))
  return new Map([...base, ...[...bad.matchAll(/^```yaml (\S+)\n([\s\S]*?)^```$/gm)].map((match) => [match[1] ?? '', match[2] ?? ''] as const)])
}

async function findings(id: string, files: ReadonlyMap<string, string>) {
  const rule = rules.filter((one) => one.meta.id === id)
  return (await checkPolicy(discover([...files].map(([file, text]) => ({ file, text }))), { rules: rule })).findings.filter((one) => one.rule === id)
}

describe('the mend of a finding', () => {
  it.each(['canary-scale-sticks', 'expression-parses', 'managed-route-declared', 'managed-route-unused', 'selector-hash-in-git', 'weights-in-git'])('of %s ends it', async (id) => {
    const files = firstBad(id)
    const before = await findings(id, files)
    expect(before).not.toEqual([])
    for (const { file, fix } of before) files.set(file, applyEdits(files.get(file) ?? '', fix ?? []))
    expect(await findings(id, files)).toEqual([])
  })
})
