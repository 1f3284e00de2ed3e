import { defineConfig } from 'vitest/config'
import unit from './vitest.config.ts'

/** pnpm e2e: whole days on a real cluster, minutes long; apart from the tests that need none. */
export default defineConfig({ ...unit, test: { ...unit.test, include: ['packages/conformance/src/e2e/*.e2e.test.ts'], exclude: ['**/node_modules/**'], maxConcurrency: 4, fileParallelism: false } })
