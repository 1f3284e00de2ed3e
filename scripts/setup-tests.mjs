import { expect } from 'vitest'

// Setup of every test file.

// In a git hook (`npm test` before a push) GIT_DIR and its like name the repository that is pushed: tests would commit there. A person's own settings, a signing key say, are none of the tests'.
for (const name of Object.keys(process.env)) if (name.startsWith('GIT_')) delete process.env[name]
Object.assign(process.env, { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' })

// Property tests draw the same cases in every run, so that a red CI is the change's own doing. To look for what nobody knows yet: pnpm fuzz (a new seed, many more cases).
if (expect.getState().testPath?.endsWith('.prop.test.ts')) {
  const { default: fc } = await import('fast-check')
  fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 1) })
}
