import { rules } from '@rollsync/policy'
import { findConfig } from '../config/find-config.ts'
import { CliError, type ExitCode } from '../exit.ts'
import type { Io } from '../io.ts'

const file = 'rollsync.config.yaml'

/** `rollsync init`: writes a configuration in which every key is commented out, and refuses to touch one that is there. */
export async function initCommand(io: Io): Promise<ExitCode> {
  const found = await findConfig('.', io)
  if (found !== undefined) throw new CliError('CONFIG_EXISTS', `${found} is there already`, { hint: 'edit it; rollsync reads the nearest one' })
  await io.write(new Map([[file, initialConfig()]]))
  io.err(`wrote ${file}\n`)
  return 0
}

/** The text of the file: with its comments, or with the `# ` before each key taken away, a valid configuration. */
export function initialConfig(): string {
  const ids = rules.map(({ meta }) => `#  ${`${meta.id}: ${meta.severity}`.padEnd(40)} # ${meta.summary}`)
  return `# yaml-language-server: $schema=https://unpkg.com/@rollsync/policy/config.schema.json
# What rollsync checks by. Every line below shows its default or an example; take the # away to change it.

# The releases that run in your clusters, in quotes. Default: the newest recorded ones.
#argocdVersion: "3.4"
#rolloutsVersion: "1.9"
#lbcVersion: "2.13"

# The severity of each rule, or "off".
#rules:
${ids.join('\n')}

# Files and folders that are not read, as globs from here.
#ignore: ["charts/**/templates/**"]

# The least severity that makes the exit code 1: error, warning or never.
#failOn: error

# Modules with rules of your own, from here.
#rulesFrom: [./rules/no-latest.js]
`
}
