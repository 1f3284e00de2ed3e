import { expect, it } from 'vitest'
import { filesBelow } from '../files-below.ts'
import { checkPolicy, discover } from '@rollsync/policy'

it('a canary by weights on two Ingresses needs no rule', async () => {
  const repository = discover(filesBelow(import.meta.url))
  const { findings, proofs, unverified } = await checkPolicy(repository)
  expect(findings).toEqual([])
  expect(unverified).toEqual([])
  expect(proofs.length).toBeGreaterThan(0)
  expect(proofs.flatMap((proof) => proof.laws.filter((law) => law.verdict === 'broken'))).toEqual([])
})
