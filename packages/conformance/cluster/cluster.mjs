#!/usr/bin/env node
// pnpm cluster build | start | seed FOLDER | stop
import { existsSync } from 'node:fs'

const built = new URL('../dist/cluster/command/cluster-command.js', import.meta.url)
const [out, err] = [text => void process.stdout.write(text), text => void process.stderr.write(text)]
if (!existsSync(built)) {
  err('error: not built yet\n  hint: pnpm build\n')
  process.exit(2)
}
const { clusterCommand } = await import(built)
try {
  process.exitCode = await clusterCommand(process.argv.slice(2), out, err)
} catch (error) {
  // What is no defect of ours carries a hint.
  if (typeof error.hint !== 'string') throw error
  err(`error: ${error.message}\n  hint: ${error.hint}\n`)
  process.exitCode = 2
}
