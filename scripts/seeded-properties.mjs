import { expect } from 'vitest'

// Setup of every test file. Property tests draw the same cases in every run, so that a red CI is the change's own doing. To look for what nobody knows yet: pnpm fuzz (a new seed, many more cases).
if (expect.getState().testPath?.endsWith('.prop.test.ts')) {
  const { default: fc } = await import('fast-check')
  fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 1) })
}
