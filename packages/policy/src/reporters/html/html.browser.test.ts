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
    writeFileSync(file, html(JSON.parse(read('report.json')) as Report, { rules: [], sources, pictures: JSON.parse(read('pictures.json')) as readonly CanaryPicture[] }))
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
  const good = '#canary-1-day-1'
  const bad = '#canary-1-day-2'
  const shown = async (page: Page, day: string): Promise<readonly string[]> => page.locator(`${day} .moment:visible h4`).allTextContents()
  const focused = async (page: Page): Promise<string> => page.evaluate('document.activeElement.id || document.activeElement.tagName')
  /** Tab by tab, until the focus is where `is` says. */
  async function tabTo(page: Page, is: (focus: string) => boolean): Promise<string> {
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press('Tab')
      const focus = await focused(page)
      if (is(focus)) return focus
    }
    throw new Error('the keyboard does not lead there')
  }

  it('asks for nothing but itself and has nothing to complain of', async () => {
    const { requests, complaints } = await open()
    expect([requests, complaints]).toEqual([[address], []])
  })

  it('opens the day that goes well at its first moment that is not in order, with the diff, and the day that a finding names at that moment', async () => {
    const { page } = await open()
    expect(await shown(page, good)).toEqual(['Moment 1: at step 3 of 3'])
    expect(await page.locator(`${good} .drift:visible ins`).allTextContents()).toEqual(['+           - path: /*', '+             backend: { service: { name: canary-header-route-new } }'])
    expect(await page.locator(`${good} .moment:visible`).textContent()).toContain('reverts: a sync takes route canary-header-route-new')
    expect(await shown(page, bad)).toEqual(['Moment 2: aborted'])
  })

  it('goes from moment to moment by the keyboard alone', async () => {
    const { page } = await open()
    await tabTo(page, (focus) => focus === 'canary-1-day-1-m1')
    await page.keyboard.press('ArrowRight')
    expect(await shown(page, good)).toEqual(['Moment 2: all 3 steps done, not promoted yet, pods starting'])
    await page.keyboard.press('ArrowRight')
    expect(await shown(page, good)).toEqual(['Moment 0: idle, no canary'])
    expect(await page.evaluate(`getComputedStyle(document.querySelector('${good} .column.on-0 > rect')).strokeWidth`)).toBe('2px')
  })

  it('closes and opens a day by the keyboard', async () => {
    const { page } = await open()
    await page.locator(`${bad} summary`).focus()
    await page.keyboard.press('Enter')
    expect(await shown(page, bad)).toEqual([])
    await page.keyboard.press('Enter')
    expect(await shown(page, bad)).toEqual(['Moment 2: aborted'])
  })

  it('goes to a moment by a click on its column', async () => {
    const { page } = await open()
    await page.locator(`${bad} .column[data-moment="3"]`).click()
    expect([await shown(page, bad), await focused(page)]).toEqual([['Moment 3: idle, no canary'], 'canary-1-day-2-m3'])
    expect(await page.locator(`${bad} .moment:visible`).textContent()).toContain("Git names registry.example.com/app:1, the cluster's Rollout registry.example.com/app:next")
  })

  it('leads from a finding to its moment, also on a day that is closed and at another moment, and from there back', async () => {
    const { page } = await open()
    await page.locator(`${bad} input`).first().check()
    await page.locator(`${bad} summary`).click()
    await page.locator('#finding-1 .moment-link').click()
    expect([await shown(page, bad), await focused(page)]).toEqual([['Moment 2: aborted'], 'canary-1-day-2-m2'])
    await page.locator(`${bad} .moment:visible a`).click()
    expect(new URL(page.url()).hash).toBe('#finding-1')
  })

  it('can be read and used where scripts do not run: radio buttons, and the way from a finding', async () => {
    const { page } = await open({ javaScriptEnabled: false })
    expect(await shown(page, good)).toEqual(['Moment 1: at step 3 of 3'])
    await page.locator(`${good} input`).nth(2).check()
    expect(await shown(page, good)).toEqual(['Moment 2: all 3 steps done, not promoted yet, pods starting'])
    await page.locator(`${bad} summary`).click()
    expect(await shown(page, bad)).toEqual([])
    await page.locator('#finding-1 .moment-link').click()
    expect(await shown(page, bad)).toEqual(['Moment 2: aborted'])
  })

  it('tells a screen reader each picture, each group and each choice', async () => {
    const { page } = await open()
    const tree = await page.locator(bad).ariaSnapshot()
    for (const part of [/heading "Aborted at step 3 of 3"/, /region "Picture of Rollout default\/service-rollout: Aborted at step 3 of 3"/, /img "Timeline of Rollout default\/service-rollout, Application service-rollout: Aborted at step 3 of 3"/, /group "Moment"/, /radio "2 aborted ▲ 1" \[checked\]/]) expect(tree).toMatch(part)
    expect(await page.locator(`${bad} svg desc`).textContent()).toBe('Moment 1: pods ready: at step 3 of 3. Moment 2: aborted: aborted. Moment 3: Git names registry.example.com/app:1 again: idle, no canary.')
  })

  it('prints every moment', async () => {
    const { page } = await open()
    await page.emulateMedia({ media: 'print' })
    expect([await shown(page, good), await shown(page, bad)].map((all) => all.length)).toEqual([3, 3])
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
    const faint = await page.evaluate<readonly string[]>(`(() => {
      const channels = text => text.match(/[\\d.]+/g).map(Number)
      const light = text => channels(text).slice(0, 3).map(c => c / 255).map(c => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0)
      const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05) }
      return [...document.querySelectorAll('svg .cell-text, svg .event, svg .step, svg .label')].map(node => {
        const before = node.previousElementSibling
        const ground = node.matches('.cell-text') && before?.matches('rect.cell, rect.half, rect.route, rect.finding-mark') ? before : node.closest('svg').querySelector('.ground')
        return [node.outerHTML.slice(0, 80), ratio(getComputedStyle(node).fill, getComputedStyle(ground).fill)]
      }).filter(([, contrast]) => contrast < 4.5).map(([text]) => text)
    })()`)
    expect(faint).toEqual([])
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(colorScheme === 'dark' ? 'rgb(18, 21, 26)' : 'rgb(255, 255, 255)')
  })

  it('fits a narrow window: only the picture scrolls', async () => {
    const { page } = await open({ viewport: { width: 380, height: 800 } })
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  })
})
