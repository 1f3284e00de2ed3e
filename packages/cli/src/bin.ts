#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { mayClose } from './may-close.ts'

mayClose(process.stdout, (message) => {
  process.stderr.write(message)
  process.exit(2)
})
mayClose(process.stderr, () => process.exit(2))
const args = process.argv.slice(2)
if (args.length === 1 && (args[0] === '--help' || args[0] === '-h')) {
  // What the program would print (help.test.ts), without loading it.
  process.stdout.write(readFileSync(new URL('help.txt', import.meta.url), 'utf8'))
} else {
  // Node 22.1 and later keep the compiled code of what follows from one run to the next.
  const { enableCompileCache } = nodeModule as { readonly enableCompileCache?: () => unknown }
  enableCompileCache?.()
  const [{ processIo }, { main }] = await Promise.all([import('./io.ts'), import('./main.ts')])
  // exitCode rather than exit(): what is still on its way to a pipe arrives.
  process.exitCode = await main(args, processIo())
}
