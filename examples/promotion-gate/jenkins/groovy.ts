import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const version = '5.0.8'
const folder = fileURLToPath(new URL('../../../node_modules/.cache/groovy/', import.meta.url))
const jar = `${folder}groovy-${version}.jar`
const player = fileURLToPath(new URL('Jenkins.groovy', import.meta.url))

/** One build: the path of its Jenkinsfile, and what Jenkins and the person say. */
export interface Build {
  readonly jenkinsfile: string
  readonly given: Readonly<Record<string, string>>
}

/** What a build did: each step with its value, in order; the last one is `outcome`. */
export type Steps = readonly (readonly [step: string, value: string])[]

/** Groovy itself, from Maven Central by the user's Maven, run by the user's Java; or why there is none. */
export function findGroovy(): { readonly play: (builds: readonly Build[]) => readonly Steps[] } | { readonly why: string } {
  if (spawnSync('java', ['-version']).status !== 0) return { why: 'there is no java' }
  if (!existsSync(jar)) spawnSync('mvn', ['-q', '-B', 'dependency:copy', `-Dartifact=org.apache.groovy:groovy:${version}`, `-DoutputDirectory=${folder}`], { timeout: 180_000 })
  return existsSync(jar) ? { play } : { why: `Maven did not bring org.apache.groovy:groovy:${version}` }
}

function play(builds: readonly Build[]): readonly Steps[] {
  const args = builds.flatMap(({ jenkinsfile, given }) => ['--', jenkinsfile, ...Object.entries(given).map(([key, value]) => `${key}=${value}`)])
  const ran = spawnSync('java', ['-cp', jar, 'groovy.ui.GroovyMain', player, ...args], { encoding: 'utf8' })
  if (ran.status !== 0) throw new Error(ran.stderr)
  const played: (readonly [string, string])[][] = [[]]
  for (const line of ran.stdout.trimEnd().split('\n')) {
    const [step = '', value = ''] = line.split('\t')
    played.at(-1)?.push([step, Buffer.from(value, 'base64').toString('utf8')])
    if (step === 'outcome') played.push([])
  }
  return played.slice(0, -1)
}
