import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { checkPolicy } from './check-policy.ts'
import { discover } from './discover/repository.ts'

const base = new URL('rules/base/', import.meta.url)
const files = readdirSync(base).map((file) => ({ file, text: readFileSync(new URL(file, base), 'utf8') }))
const judged = async (lbcVersion?: string): Promise<{ readonly by: string | undefined; readonly unverified: readonly string[] }> => {
  const { proofs, unverified } = await checkPolicy(discover(files), { rules: [], ...(lbcVersion === undefined ? {} : { lbcVersion }) })
  return { by: proofs[0]?.laws.find(({ law }) => law === 'reachable')?.checked, unverified }
}

it('reachable is judged by the AWS Load Balancer Controller that is asked for, and says which one stands in for one that is not recorded', async () => {
  expect((await judged()).by).toMatch(/by AWS Load Balancer Controller v3\.5\.0$/)
  expect(await judged('v2.8.3')).toMatchObject({ by: expect.stringMatching(/v2\.8\.3$/), unverified: [] })
  expect(await judged('2.9')).toMatchObject({ by: expect.stringMatching(/v2\.8\.3$/), unverified: [expect.stringContaining('v2.8.3 stands in')] })
})
