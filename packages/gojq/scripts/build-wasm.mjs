// Builds wasm/gojq.wasm: every gojq release that a known Argo CD pins, in one reactor. Without Go it says so and ends well: the library then does without it.
import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const wasm = join(root, 'wasm')

// argo-cd's go.mod of each line: 2.10, 2.14, 3.3 and 3.4, 3.5. The sums are those of sum.golang.org.
const RELEASES = [
  { gojq: '0.12.13', sum: 'h1:IxyYlHYIlspQHHTE0f3cJF0NKDMfajxViuhBLnHd/QU=', timefmt: '0.1.5' },
  { gojq: '0.12.17', sum: 'h1:8av8eGduDb5+rvEdaOO+zQUjA04MS0m3Ps8HiD+fceg=', timefmt: '0.1.6' },
  { gojq: '0.12.18', sum: 'h1:gFGHyt/MLbG9n6dqnvlliiya2TaMMh6FFaR2b1H6Drc=', timefmt: '0.1.7' },
  { gojq: '0.12.19', sum: 'h1:ttXA0XCLEMoaLOz5lSeFOZ6u6Q3QxmG46vfgI4O0DEs=', timefmt: '0.1.8' },
]
const TIMEFMT_SUMS = {
  '0.1.5': 'h1:G0INE2la8S6ru/ZI5JecgyzbbJNs5lG1RcBqa7Jm6GE=',
  '0.1.6': 'h1:ia3s54iciXDdzWzwaVKXZPbiXzxxnv1SPGFfM/myJ5Q=',
  '0.1.7': 'h1:xyftit9Tbw+Dc/huSSPJaEmX1TVL8lw5vxjJLK4GMMA=',
  '0.1.8': 'h1:1YEo1JvfXeAHKdjelbYr/uCuhkybaHCeTkH8Bo791OI=',
}

const nameOf = (module, version) => `${module}_${version.replaceAll('.', '_')}`

const go = (args, options = {}) => spawnSync('go', args, { encoding: 'utf8', ...options, env: { ...process.env, GOFLAGS: '', GOWORK: 'off', ...options.env } })

function download(module, version, sum) {
  const ran = go(['mod', 'download', '-json', `github.com/itchyny/${module}@v${version}`], { cwd: tmpdir() })
  if (ran.status !== 0) throw new Error(`cannot download ${module} ${version}: ${(ran.stderr || ran.stdout).trim()}`)
  const found = JSON.parse(ran.stdout)
  if (found.Sum !== sum) throw new Error(`${module} ${version} has the sum ${found.Sum}, not ${sum}`)
  return found.Dir
}

// Two releases of one module cannot be linked under its own name: each becomes a package of ours, its sources unchanged but for the import of timefmt.
function copyPackage(from, to, replacements) {
  mkdirSync(to, { recursive: true })
  for (const file of readdirSync(from)) {
    if (!file.endsWith('.go') || file.endsWith('_test.go')) continue
    const source = replacements.reduce((text, [old, by]) => text.replaceAll(old, by), readFileSync(join(from, file), 'utf8'))
    writeFileSync(join(to, file), source)
  }
}

function layOut(work) {
  const imports = []
  const entries = []
  for (const { gojq, sum, timefmt } of RELEASES) {
    const timefmtPath = `rollsync.dev/gojq/${nameOf('timefmt', timefmt)}`
    const gojqPath = `rollsync.dev/gojq/${nameOf('gojq', gojq)}`
    const source = download('gojq', gojq, sum)
    const timefmtSource = download('timefmt-go', timefmt, TIMEFMT_SUMS[timefmt])
    copyPackage(timefmtSource, join(work, nameOf('timefmt', timefmt)), [])
    copyPackage(source, join(work, nameOf('gojq', gojq)), [['"github.com/itchyny/timefmt-go"', `timefmt "${timefmtPath}"`]])
    mkdirSync(join(work, nameOf('adapter', gojq)))
    const adapter = readFileSync(join(root, 'go', 'adapter', 'adapter.go'), 'utf8').replace('"github.com/itchyny/gojq"', `gojq "${gojqPath}"`)
    writeFileSync(join(work, nameOf('adapter', gojq), 'adapter.go'), adapter)
    imports.push(`\t${nameOf('adapter', gojq)} "rollsync.dev/gojq/${nameOf('adapter', gojq)}"`)
    entries.push(`\treleases["${gojq}"] = ${nameOf('adapter', gojq)}.Compile`)
    if (gojq === RELEASES.at(-1).gojq) {
      copyFileSync(join(source, 'LICENSE'), join(wasm, 'LICENSE.gojq'))
      copyFileSync(join(timefmtSource, 'LICENSE'), join(wasm, 'LICENSE.timefmt-go'))
    }
  }
  copyFileSync(join(root, 'go', 'main.go'), join(work, 'main.go'))
  writeFileSync(join(work, 'go.mod'), 'module rollsync.dev/gojq\n\ngo 1.24.0\n')
  writeFileSync(join(work, 'releases.go'), `package main\n\nimport (\n${imports.join('\n')}\n)\n\nfunc init() {\n${entries.join('\n')}\n}\n`)
}

function build() {
  mkdirSync(wasm, { recursive: true })
  const work = mkdtempSync(join(tmpdir(), 'rollsync-gojq-'))
  try {
    layOut(work)
    const goRoot = go(['env', 'GOROOT']).stdout.trim()
    if (existsSync(join(goRoot, 'LICENSE'))) copyFileSync(join(goRoot, 'LICENSE'), join(wasm, 'LICENSE.go'))
    const ran = go(['build', '-buildmode=c-shared', '-trimpath', '-ldflags=-s -w -buildid=', '-o', join(work, 'gojq.wasm'), '.'],
      { cwd: work, env: { GOOS: 'wasip1', GOARCH: 'wasm' } })
    if (ran.status !== 0) throw new Error(ran.stderr.trim())
    cpSync(join(work, 'gojq.wasm'), join(wasm, 'gojq.wasm'))
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  console.log(`wasm/gojq.wasm: gojq ${RELEASES.map(({ gojq }) => gojq).join(', ')}; ${statSync(join(wasm, 'gojq.wasm')).size} bytes`)
}

const version = go(['version'])
const isRequired = process.argv.includes('--required')
if (version.status !== 0) {
  console.log('Go is not installed: gojq is not built, jq-wasm answers in its place')
  process.exitCode = isRequired ? 1 : 0
} else {
  try {
    build()
  } catch (error) {
    console.log(`gojq is not built, jq-wasm answers in its place: ${error.message}`)
    process.exitCode = isRequired ? 1 : 0
  }
}
