import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { downloadModule, type Go } from './go-command.ts'

/** Which published module a program is built against, and under which name of its own. */
export interface ReleaseModule {
  readonly module: string
  readonly version: string
  /** The module's name that the go.mod made for it takes. */
  readonly as: string
}

/** Writes the release's own go.mod and go.sum as ours into a folder: a release's `replace` lines do not reach a dependent module, so they are taken over. Returns the path of the go.mod. */
export function writeReleaseModule(go: Go, { module, version, as }: ReleaseModule, folder: string): string {
  const release = downloadModule(go, module, version)
  const text = readFileSync(release.goMod, 'utf8').replace(/^module .*$/m, `module ${as}`).replaceAll(/^toolchain .*\n/gm, '')
  return write(folder, withPublishedStaging(text, version) + `\nrequire ${module} ${version}\n`, readFileSync(join(release.folder, 'go.sum'), 'utf8'))
}

/** Kubernetes replaces its parts by folders of its repository; each is published as v0.MINOR.PATCH too. */
function withPublishedStaging(text: string, version: string): string {
  const staging = [...text.matchAll(/^\s*(?:replace )?(\S+) => \.\/staging\//gm)].map(([, module = '']) => module)
  const published = version.replace(/^v1\./, 'v0.')
  return staging.reduce((mod, module) => mod
    .replaceAll(new RegExp(`^(\\s*(?:replace )?${module.replaceAll('.', '\\.')} => ).*$`, 'gm'), `$1${module} ${published}`)
    .replaceAll(new RegExp(`^(\\s*(?:require )?${module.replaceAll('.', '\\.')}) v0\\.0\\.0(.*)$`, 'gm'), `$1 ${published}$2`), text)
}

function write(folder: string, goMod: string, goSum: string): string {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'go.mod'), goMod)
  writeFileSync(join(folder, 'go.sum'), goSum)
  return join(folder, 'go.mod')
}
