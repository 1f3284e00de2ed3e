#!/usr/bin/env node
// npm start: from a clone to the printed story of one canary.
import { build } from './build.mjs'
import { installIfNeeded } from './install.mjs'
import { run } from './run-command.mjs'

installIfNeeded()
build()
process.exitCode = run(process.execPath, ['examples/alb-header-route/story.mjs', ...process.argv.slice(2)])
