#!/usr/bin/env node
// pnpm conformance: recorded vectors against the built packages. Paths are the caller's.
import { join } from 'node:path'
import { build } from './build.mjs'
import { installIfNeeded } from './install.mjs'
import { callerFolder, root, run } from './run-command.mjs'

installIfNeeded()
build('packages/conformance')
process.exitCode = run(process.execPath, [join(root, 'packages/conformance/dist/bin.js'), ...process.argv.slice(2)], { cwd: callerFolder })
