import { readdirSync, readFileSync } from 'node:fs'
import { checkPolicy, discover } from '@rollsync/policy'
import { describe, expect, it } from 'vitest'

// How a team holds its own repository to the rules, as a unit test.
const folder = new URL('.', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml')).map((file) => ({ file, text: readFileSync(new URL(file, folder), 'utf8') }))
const rulesBroken = async (given = files) => (await checkPolicy(discover(given))).findings.map((finding) => `${finding.file}:${finding.line} ${finding.rule}`)

describe('the canary as its team wrote it', () => {
  it('takes the whole Application to Unknown', async () => {
    expect(await rulesBroken()).toEqual(['apps.yaml:26 expression-parses'])
  })

  it('loses its header route to any full sync once the expression is joined', async () => {
    const joined = files.map(({ file, text }) => ({ file, text: text.replace(/>-\n\s+(.*)\n\s+(.*)\n/, "'$1$2'\n") }))
    expect(await rulesBroken(joined)).toEqual(['apps.yaml:22 no-lost-route'])
  })
})
