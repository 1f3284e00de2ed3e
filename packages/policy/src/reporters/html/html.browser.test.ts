import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../finding.ts'
import type { CanaryPicture } from '../../picture/canary-picture.ts'
import { html } from '../html.ts'

const read = (name: string): string => readFileSync(new URL(`../golden/input/${name}`, import.meta.url), 'utf8')
const found = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => path !== undefined && existsSync(path))
if (found === undefined) console.log('no Chromium here, so the page is not looked at in one: apt-get install chromium, or name one in CHROMIUM')

describe.skipIf(found === undefined)('the html report in Chromium', () => {
  let browser: Browser
  let folder: string
  let address: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rollsync-'))
    const file = join(folder, 'report.html')
    const sources = new Map(['apps.yaml', 'rollout.yaml', 'ingress.yaml'].map((name) => [name, read(name)]))
    writeFileSync(file, html(JSON.parse(read('report.json')) as Report, { rules: [], sources, pictures: [JSON.parse(read('picture.json')) as CanaryPicture] }))
    address = pathToFileURL(file).href
    browser = await chromium.launch({ executablePath: found as string, args: ['--no-sandbox'] })
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** The page, with everything that it asked for and complained of. */
  async function open(options: BrowserContextOptions = {}): Promise<{ page: Page; requests: readonly string[]; complaints: readonly string[] }> {
    const page = await (await browser.newContext(options)).newPage()
    const requests: string[] = []
    const complaints: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(address)
    return { page, requests, complaints }
  }
  const shown = async (page: Page): Promise<readonly string[]> => page.locator('.moment:visible h3').allTextContents()

  it('asks for nothing but itself and has nothing to complain of', async () => {
    const { requests, complaints } = await open()
    expect([requests, complaints]).toEqual([[address], []])
  })

  it('opens at the first moment that is not in order, with its diff', async () => {
    const { page } = await open()
    expect(await shown(page)).toEqual(['Moment 1: at step 3 of 3'])
    expect(await page.locator('.moment:visible ins').allTextContents()).toEqual(['+           - path: /*', '+             backend: { service: { name: canary-header-route-new } }'])
    expect(await page.locator('.moment:visible').textContent()).toContain('reverts: a sync takes route canary-header-route-new')
  })

  it('goes from moment to moment by the keyboard alone', async () => {
    const { page } = await open()
    for (let presses = 0; presses < 40 && await page.evaluate("document.activeElement.type !== 'radio'"); presses += 1) await page.keyboard.press('Tab')
    await page.keyboard.press('ArrowRight')
    expect(await shown(page)).toEqual(['Moment 2: all 3 steps done, not promoted yet, pods starting'])
    await page.keyboard.press('ArrowRight')
    expect(await shown(page)).toEqual(['Moment 0: idle, no canary'])
    expect(await page.locator('.column.chosen').getAttribute('data-moment')).toBe('0')
  })

  it('goes to a moment by a click on its column', async () => {
    const { page } = await open()
    await page.locator('.column[data-moment="2"]').click()
    expect([await shown(page), await page.locator('.moments :checked').getAttribute('value')]).toEqual([['Moment 2: all 3 steps done, not promoted yet, pods starting'], '2'])
  })

  it('shows every moment where scripts do not run', async () => {
    const { page } = await open({ javaScriptEnabled: false })
    expect(await shown(page)).toHaveLength(3)
  })

  it.each(['light', 'dark'] as const)('can be read in %s: text stands out from its ground', async (colorScheme) => {
    const { page } = await open({ colorScheme })
    const weak = await page.evaluate<readonly string[]>(`(() => {
      const channels = text => text.match(/[\\d.]+/g).map(Number)
      const light = text => channels(text).slice(0, 3).map(c => c / 255).map(c => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0)
      const ground = node => { for (let one = node; one; one = one.parentElement) { const color = getComputedStyle(one).backgroundColor; if ((channels(color)[3] ?? 1) > 0) return color } return 'rgb(255, 255, 255)' }
      const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05) }
      return [...document.querySelectorAll('body *:not(svg *):not(script)')].filter(node => node.checkVisibility() && [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim() !== ''))
        .filter(node => ratio(getComputedStyle(node).color, ground(node)) < 4.5).map(node => node.outerHTML.slice(0, 80))
    })()`)
    expect(weak).toEqual([])
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(colorScheme === 'dark' ? 'rgb(18, 21, 26)' : 'rgb(255, 255, 255)')
  })

  it('fits a narrow window: only the picture scrolls', async () => {
    const { page } = await open({ viewport: { width: 380, height: 800 } })
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  })
})
