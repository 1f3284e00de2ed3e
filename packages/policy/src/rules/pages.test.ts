import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkPolicy } from '../check-policy.ts'
import { discover, type Repository } from '../discover/repository.ts'
import { readLiveObjects } from '../live/read-live-objects.ts'
import { rules } from './index.ts'

const here = new URL('.', import.meta.url)
const read = (name: string): string => readFileSync(new URL(name, here), 'utf8')
const base = new Map(readdirSync(new URL('base/', here)).map((name) => [name, read(`base/${name}`)]))

/** One block of a page: which files of the base repository it replaces, and where the rule reports. */
interface Block {
  readonly files: ReadonlyMap<string, string>
  readonly reported: readonly string[]
  readonly line: number
}

/** The YAML blocks of one section; blocks in a row make one repository, and `Reported:` after them says where. */
function blocksOf(page: string, section: string): readonly Block[] {
  const start = page.indexOf(`\n## ${section}\n`)
  if (start < 0) return []
  const text = page.slice(start + 1, page.indexOf('\n## ', start + 2) < 0 ? undefined : page.indexOf('\n## ', start + 2))
  const blocks: Block[] = []
  let files = new Map<string, string>()
  for (const match of text.matchAll(/^```yaml (\S+)\n([\s\S]*?)^```$|^Reported: (.*)$/gm)) {
    const [, file, yaml, reported] = match
    const line = page.slice(0, start + match.index).split('\n').length
    if (file !== undefined) files.set(file, yaml ?? '')
    // Files of one good example stand one right after the other.
    const goesOn = text.startsWith('\n```yaml', match.index + match[0].length)
    if (section === 'Good' && file !== undefined && !goesOn) {
      blocks.push({ files, reported: [], line })
      files = new Map()
    }
    if (reported !== undefined) {
      blocks.push({ files, reported: [...reported.matchAll(/`([^`]+)`/g)].map((one) => one[1] ?? ''), line })
      files = new Map()
    }
  }
  return blocks
}

for (const rule of rules) {
  const { id } = rule.meta
  describe(`the page of ${id}`, () => {
    const page = read(`${id}.md`)
    const bad = blocksOf(page, 'Bad')
    const good = blocksOf(page, 'Good')

    it('has its name, and bad and good examples', () => {
      expect(page.startsWith(`# ${id}\n\n`)).toBe(true)
      expect(bad.length).toBeGreaterThan(0)
      expect(good.length).toBeGreaterThan(0)
    })

    for (const block of [...bad, ...good]) {
      it(`line ${block.line}: ${block.reported.length === 0 ? 'nothing is reported' : `reported at ${block.reported.join(', ')}`}`, async () => {
        const all = [...new Map([...base, ...block.files])].map(([file, text]) => ({ file, text }))
        // What kubectl get would print, for the rules that speak of a cluster.
        const live = readLiveObjects(all.filter(({ file }) => file.startsWith('live')))
        const { findings, diagnostics } = await checkPolicy(discovered(all.filter(({ file }) => !file.startsWith('live'))), { rules: [rule], ...(rule.meta.needs === 'live' ? { live: live.objects } : {}) })
        expect(live.diagnostics).toEqual([])
        expect(diagnostics.filter((one) => one.severity === 'error')).toEqual([])
        expect(findings.map((one) => `${one.file}:${one.line}:${one.column}`)).toEqual(block.reported)
      })
    }
  })
}

/** What a renderer would print stands in a block `rendered/<folder>.yaml`. */
function discovered(files: readonly { readonly file: string; readonly text: string }[]): Repository {
  const read = files.filter(({ file }) => !file.startsWith('rendered/'))
  const { needs } = discover(read)
  return discover(read, { rendered: new Map(needs.map(({ key, folder }) => [key, { text: files.find(({ file }) => file === `rendered/${folder}.yaml`)?.text ?? '' }])) })
}
