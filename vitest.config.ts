import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (name: string): string => fileURLToPath(new URL(`packages/${name}/src/index.ts`, import.meta.url))

export default defineConfig({
  resolve: {
    // Tests run from source, without a build: a workspace name is its folder's src/index.ts.
    alias: [
      { find: /^@rollsync\/([a-z]+)$/, replacement: source('$1') },
      { find: '@rollsync/policy/config', replacement: fileURLToPath(new URL('packages/policy/src/config/index.ts', import.meta.url)) },
      { find: '@rollsync/policy/vitest', replacement: fileURLToPath(new URL('packages/policy/src/vitest/index.ts', import.meta.url)) },
    ],
  },
  test: {
    exclude: ['**/node_modules/**', '**/*.e2e.test.ts'],
    include: ['packages/*/src/**/*.test.ts', 'examples/**/*.test.ts', 'scripts/*.test.mjs', 'packages/*/scripts/*.test.mjs'],
    testTimeout: 30_000,
    setupFiles: ['./scripts/setup-tests.mjs'],
    reporters: ['default', './scripts/totals-reporter.mjs'],
  },
})
