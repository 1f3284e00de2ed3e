#!/usr/bin/env node
import * as nodeModule from 'node:module'

// Node 22.1 and later keep the compiled code of what follows from one run to the next.
const { enableCompileCache } = nodeModule as { readonly enableCompileCache?: () => unknown }
enableCompileCache?.()
const [{ mayClose, processIo }, { main }] = await Promise.all([import('./io.ts'), import('./main.ts')])

mayClose(process.stdout)
mayClose(process.stderr)
// exitCode rather than exit(): what is still on its way to a pipe arrives.
process.exitCode = await main(process.argv.slice(2), processIo())
