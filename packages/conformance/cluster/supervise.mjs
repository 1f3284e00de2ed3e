// Owns the processes of one cluster and ends them when whoever asked for it ends, however that happens: its standard input closes with its parent.
// In: one JSON a line, {"start": NAME, command, args, env, argv0, log} | {"stop": NAME, signal}. Out: {"started": NAME, pid} | {"ended": NAME, code, signal}.
import { spawn } from 'node:child_process'
import { openSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const folder = process.argv[2]
const children = new Map()
let ending = false

const say = message => process.stdout.write(`${JSON.stringify(message)}\n`)
// Ours, should this process itself be killed: the next start of a cluster in this folder reads it.
const note = () => writeFileSync(join(folder, 'pids.json'), JSON.stringify(Object.fromEntries([...children].map(([name, child]) => [name, child.pid]))))

const start = ({ start: name, command, args, env, argv0, log }) => {
  const out = openSync(log, 'a')
  // The folder it works in tells later whose it is: a program may rewrite its own command line.
  const child = spawn(command, args, { cwd: folder, env: { ...process.env, ...env }, stdio: ['ignore', out, out], ...(argv0 && { argv0 }) })
  children.set(name, child)
  child.on('error', error => say({ ended: name, code: -1, signal: error.message }))
  child.on('exit', (code, signal) => {
    if (children.get(name) === child) children.delete(name)
    if (!ending) note()
    say({ ended: name, code, signal })
    if (ending && children.size === 0) leave()
  })
  note()
  say({ started: name, pid: child.pid ?? -1 })
}

const leave = () => {
  rmSync(join(folder, 'pids.json'), { force: true })
  process.exit(0)
}

const end = () => {
  if (ending) return
  ending = true
  if (children.size === 0) leave()
  for (const child of children.values()) child.kill('SIGTERM')
  setTimeout(() => {
    for (const child of children.values()) child.kill('SIGKILL')
    setTimeout(leave, 1000)
  }, 5000)
}

process.stdout.on('error', end)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end)
const lines = createInterface({ input: process.stdin })
lines.on('line', line => {
  const message = JSON.parse(line)
  if (message.start) start(message)
  else children.get(message.stop)?.kill(message.signal)
})
lines.on('close', end)
