// One measurement of ../check-thousand.mjs: parse with yaml, then check, in this process; prints JSON.
import { readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { main, processIo } from '../../dist/index.js'

const [folder] = process.argv.slice(2)
const require = createRequire(new URL('../../../manifests/package.json', import.meta.url))
const { parseAllDocuments } = await import(pathToFileURL(require.resolve('yaml')).href).then(module => module.default ?? module)

const cost = async job => {
  const began = performance.now()
  const before = process.cpuUsage()
  await job()
  const { user, system } = process.cpuUsage(before)
  return { cpu: (user + system) / 1000, wall: performance.now() - began }
}

// Nothing is kept from another process.
rmSync(join(folder, 'node_modules'), { recursive: true, force: true })
const said = []
const io = { ...processIo(folder), color: 'off', out: text => said.push(text), err: text => said.push(text) }
const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
const yaml = await cost(() => { for (const file of files) parseAllDocuments(readFileSync(file, 'utf8')) })
const check = await cost(() => main(['check', '.', '--cache', '--fail-on', 'never'], io))
const first = said.splice(0).join('')
const again = await cost(() => main(['check', '.', '--cache', '--fail-on', 'never'], io))
if (said.join('') !== first) throw new Error('the second answer is another one')
console.log(JSON.stringify({ yamlCpu: yaml.cpu, yamlWall: yaml.wall, checkCpu: check.cpu, checkWall: check.wall, againCpu: again.cpu, againWall: again.wall, memory: process.resourceUsage().maxRSS * 1024, findings: first.trim().split('\n').at(-1) }))
