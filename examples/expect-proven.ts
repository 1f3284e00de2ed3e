import { checkPolicy, discover } from '@rollsync/policy'
import { expect } from 'vitest'
import { filesBelow } from './files-below.ts'

/** Of the example that a test stands in: nothing is found, nothing is left unverified, and no law is broken. */
export async function expectProven(testUrl: string): Promise<void> {
  const { findings, proofs, unverified } = await checkPolicy(discover(filesBelow(testUrl)))
  expect(findings).toEqual([])
  expect(unverified).toEqual([])
  expect(proofs.length).toBeGreaterThan(0)
  expect(proofs.flatMap((proof) => proof.laws.filter((law) => law.verdict === 'broken'))).toEqual([])
}
