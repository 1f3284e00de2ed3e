import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
// @ts-expect-error a script without types
import { ensureRenderer, withTool } from '../../../../scripts/ensure-renderer.mjs'
import { processIo } from '../io.ts'
import { main } from '../main.ts'
import { renderAll } from './render-all.ts'

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'rollsync-render-')))
const path = process.env['PATH']
afterAll(() => {
  process.env['PATH'] = path
  rmSync(scratch, { recursive: true, force: true })
})

async function check(example: string): Promise<{ readonly exit: number; readonly out: string }> {
  const cwd = join(scratch, example)
  cpSync(fileURLToPath(new URL(`../../../../examples/${example}/`, import.meta.url)), cwd, { recursive: true })
  let out = ''
  const exit = await main(['check', '.'], { ...processIo(cwd), color: 'off', out: (text) => void (out += text), err: (text) => void (out += text) })
  return { exit, out }
}

describe('kustomize and helm', () => {
  for (const [tool, example] of [['kustomize', 'kustomize-overlays'], ['helm', 'helm-values']] as const) {
    it(`are run: ${tool} on examples/${example}`, { timeout: 900_000 }, async ({ skip }) => {
      const found = ensureRenderer(tool) as { folder?: string; why?: string }
      if (found.why !== undefined) {
        console.warn(`not run: ${found.why}`)
        return skip(found.why)
      }
      process.env['PATH'] = withTool(found.folder) as string
      const { exit, out } = await check(example)
      expect(out).toContain('2 Applications, 2 Rollouts: no finding')
      expect(out).not.toContain('unverified')
      expect(exit).toBe(0)
    })
  }

  it('are named with the page that installs them where they are absent', async () => {
    process.env['PATH'] = ''
    const rendered = await renderAll([{ tool: 'kustomize', key: 'k', folder: 'x', overlay: {}, flags: [] }], scratch)
    expect(rendered.get('k')).toEqual({ why: expect.stringContaining('kustomize is not installed (https://') })
    process.env['PATH'] = path
  })

  it('leave nothing behind that keeps the process waiting where they are absent', async () => {
    process.env['PATH'] = ''
    const before = process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length
    await renderAll([{ tool: 'kustomize', key: 'k', folder: 'x', overlay: {}, flags: [] }], scratch)
    process.env['PATH'] = path
    expect(process.getActiveResourcesInfo().filter((one) => one === 'Timeout')).toHaveLength(before)
  })
})
