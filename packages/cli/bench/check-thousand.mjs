// `check` over a generated repository of 1,000 Applications with 1,000 Rollouts of 10 steps and 3 ignore rules each, in a process of its own, beside what `yaml` needs
// in that same process to parse the same files once. COUNT=100 makes it smaller, SHAPES=20 makes the Rollouts differ in more than their names.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeFleet } from './fleet/write-fleet.mjs'

const count = Number(process.env.COUNT ?? 1000)
const shapes = Number(process.env.SHAPES ?? 1)
const worker = fileURLToPath(new URL('fleet/check-process.mjs', import.meta.url))

/** One process each, the least of all: other work on the machine only adds. */
export const measureCheck = runs => {
  const root = mkdtempSync(join(tmpdir(), 'rollsync-bench-'))
  try {
    writeFleet(root, count, shapes)
    const answers = Array.from({ length: runs }, () => JSON.parse(execFileSync(process.execPath, [worker, root], { encoding: 'utf8', maxBuffer: 1e8 })))
    const least = key => Math.min(...answers.map(one => one[key]))
    return { count, shapes, yamlCpu: least('yamlCpu'), yamlWall: least('yamlWall'), checkCpu: least('checkCpu'), checkWall: least('checkWall'), againCpu: least('againCpu'), againWall: least('againWall'), memory: least('memory'), findings: answers[0].findings }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

export default {
  name: `check, ${count} Applications, ${shapes} shape${shapes === 1 ? '' : 's'}`,
  goal: 'check at most 1.2x, again at least 5 times faster, memory below 600 MB',
  rows: () => {
    const found = measureCheck(3)
    const row = (label, cpu, wall) => ({ label, milliseconds: cpu, ratio: cpu / found.yamlCpu, note: `${Math.round(wall)} ms of wall time` })
    return [row('yaml: parse the files once', found.yamlCpu, found.yamlWall), row('rollsync check', found.checkCpu, found.checkWall), row('rollsync check --cache, again', found.againCpu, found.againWall),
      { label: 'memory', text: `${Math.round(found.memory / 1e6)} MB resident at most` }]
  },
}
