#!/usr/bin/env node
import { mayClose, processIo } from './io.ts'
import { main } from './main.ts'

mayClose(process.stdout)
mayClose(process.stderr)
// exitCode rather than exit(): what is still on its way to a pipe arrives.
process.exitCode = await main(process.argv.slice(2), processIo())
