import { fileURLToPath } from 'node:url'
import { checkPolicy, discover } from '@rollsync/policy'
import { loadRepository } from '@rollsync/policy/vitest'
import { describe, expect, it } from 'vitest'
// @ts-expect-error plain JavaScript, so that every Node can load it
import owned from './rules/owned-by-a-team.js'

const folder = fileURLToPath(new URL('manifests', import.meta.url))
const rollout = (labels: string): string => `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: { name: checkout${labels} }\n`

describe('team/owned', () => {
  it('finds nothing in this repository', async () => {
    await expect(loadRepository(folder)).toPassPolicy(owned)
  })

  it.each([
    ['an owner that is there', ', labels: { example.com/owner: search }', []],
    ['no label at all', '', ['3:19 Rollout checkout names no owner']],
    ['a team that nobody knows', ', labels: { example.com/owner: nobody }', ['3:58 there is no team nobody']],
  ])('with %s', async (_, labels, wanted) => {
    const { findings } = await checkPolicy(discover([{ file: 'rollout.yaml', text: rollout(labels) }]), { rules: [owned] })
    expect(findings.map((one) => `${one.line}:${one.column} ${one.message}`)).toEqual(wanted)
  })
})
