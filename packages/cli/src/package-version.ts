import { readFileSync } from 'node:fs'

/** What tells builds of one version apart: the hash that the build wrote; empty where the sources themselves run. */
export function buildId(): string {
  try {
    return readFileSync(new URL('build-id.txt', import.meta.url), 'utf8').trim()
  } catch {
    return ''
  }
}

/** The version of this package, as its package.json says. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(new URL('package.json', packageFolder()), 'utf8')) as { version: string }).version
}

/** The folder of this package: the sources lie one folder below it, and so does what the build makes of them. */
export function packageFolder(): URL {
  return new URL('../', import.meta.url)
}
