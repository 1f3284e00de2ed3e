#!/usr/bin/env node
// npm test: from a clone to the totals of all tests. Arguments go to vitest: npm test -- packages/policy
import { build } from './build.mjs'
import { installIfNeeded } from './install.mjs'
import { run } from './run-command.mjs'

installIfNeeded()
build()
process.exitCode = run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)])
