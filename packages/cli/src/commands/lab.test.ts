import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadLab } from './lab.ts'

let folder = ''
beforeEach(() => { folder = realpathSync(mkdtempSync(join(tmpdir(), 'rollsync-lab-test-'))) })
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('what lab needs of a checkout', () => {
  it('is not there in the published package, and it says so', async () => {
    await expect(loadLab(pathToFileURL(`${folder}/`))).rejects.toMatchObject({ code: 'NO_LAB', message: expect.stringContaining('from a checkout'), hint: expect.stringContaining('git clone') })
  })

  it('has to be built', async () => {
    writeFileSync(join(folder, 'package.json'), '{}')
    await expect(loadLab(pathToFileURL(`${folder}/`))).rejects.toMatchObject({ code: 'NO_LAB', hint: 'pnpm build' })
  })
})
