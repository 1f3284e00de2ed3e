import { parse } from '@rollsync/manifests'
import { type Config, configureRules, readRules, type Rule, rules as ourRules } from '@rollsync/policy'
import type { ConfigFault } from '@rollsync/policy/config'
import { CliError } from '../exit.ts'
import type { Io } from '../io.ts'
import { findConfig } from './find-config.ts'
import { loadModule } from './load-module.ts'

/** A configuration with the rules that it makes: ours and the team's own, at the severities it gives. `folder` is where its paths count from, relative to the working directory. */
export interface LoadedConfig {
  readonly file: string | undefined
  readonly folder: string
  readonly config: Config
  readonly rules: readonly Rule[]
}

/** Loads the configuration that `--config` names, else the nearest one, else none. Throws a CliError for one that is not right, with the place of its first fault and all others below. */
export async function loadConfig(given: string | undefined, start: string, io: Io): Promise<LoadedConfig> {
  const file = given ?? (await findConfig(start, io))
  if (file === undefined) return { file, folder: '.', config: {}, rules: configureRules(ourRules, {}) }
  const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '.'
  const { value, placeOf } = await readValue(file, io)
  const { readConfig } = await import('@rollsync/policy/config')
  const answer = readConfig(value)
  if ('faults' in answer) throw faultError(answer.faults, placeOf)
  const { config } = answer
  const own: Rule[] = []
  for (const path of config.rulesFrom ?? []) {
    const from = folder === '.' ? path : `${folder}/${path}`
    own.push(...readRules(await loadModule(from, io), from, [...ourRules, ...own].map((rule) => rule.meta.id)))
  }
  return { file, folder, config, rules: configure([...ourRules, ...own], config, placeOf) }
}

type PlaceOf = (pointer: string) => string

async function readValue(file: string, io: Io): Promise<{ readonly value: unknown; readonly placeOf: PlaceOf }> {
  if (/\.[cm]?[jt]s$/.test(file)) {
    const value = await loadModule(file, io)
    if (value === undefined) throw new CliError('BAD_CONFIG', `${file}: there is no default export`, { hint: 'export default { argocdVersion: "3.4" }' })
    return { value, placeOf: () => file }
  }
  const bytes = await io.read(file).catch((cause: unknown) => {
    throw new CliError('NO_SUCH_PATH', `${file}: no such file`, { hint: '`rollsync init` writes one', cause })
  })
  const { documents, diagnostics } = parse([{ file, bytes }])
  const broken = diagnostics.find((one) => one.severity === 'error')
  if (broken !== undefined) throw new CliError('BAD_CONFIG', `${file}:${broken.at?.line ?? 1}:${broken.at?.column ?? 1}: ${broken.message}`, broken.hint === undefined ? {} : { hint: broken.hint })
  const [document, second] = documents
  if (second !== undefined) throw new CliError('BAD_CONFIG', `${file}: a configuration is one document, and this file holds ${documents.length}`, { hint: 'take the --- out' })
  return {
    value: document?.value,
    placeOf: (pointer) => {
      const at = document?.keyAt(pointer)
      return at === undefined ? file : `${file}:${at.line}:${at.column}`
    },
  }
}

function faultError(faults: readonly ConfigFault[], placeOf: PlaceOf): CliError {
  const [first, ...more] = faults.map(({ pointer, message, hint }) => `${placeOf(pointer)}: ${message}${hint === undefined ? '' : ` (${hint})`}`)
  return new CliError('BAD_CONFIG', [first, ...more].join('\n       '), { hint: '`rollsync init` writes a configuration with every key' })
}

function configure(rules: readonly Rule[], config: Config, placeOf: PlaceOf): readonly Rule[] {
  try {
    return configureRules(rules, config.rules ?? {})
  } catch (cause) {
    const unknown = Object.keys(config.rules ?? {}).find((id) => !rules.some((rule) => rule.meta.id === id))
    const { message, hint } = cause as { readonly message: string; readonly hint?: string }
    throw new CliError('BAD_CONFIG', `${placeOf(`/rules/${(unknown ?? '').replaceAll('~', '~0').replaceAll('/', '~1')}`)}: ${message}`, { ...(hint === undefined ? {} : { hint }), cause })
  }
}
