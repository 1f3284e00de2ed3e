import { z } from 'zod'
import type { Severity } from '../finding.ts'

/** What `rollsync.config.{yaml,json,js,ts}` may say. Paths and globs count from the folder that the file lies in. */
export interface Config {
  readonly $schema?: string | undefined
  readonly argocdVersion?: string | undefined
  readonly rolloutsVersion?: string | undefined
  readonly lbcVersion?: string | undefined
  readonly rules?: Readonly<Record<string, RuleSetting>> | undefined
  readonly ignore?: readonly string[] | undefined
  readonly failOn?: FailOn | undefined
  readonly rulesFrom?: readonly string[] | undefined
}

export type RuleSetting = Severity | 'off'
/** The least severity that fails a check. */
export type FailOn = 'error' | 'warning' | 'never'

const version = z.string().regex(/^v?\d+(\.\d+){0,2}([-+].*)?$/)

/** Strict: a key that is not listed is a mistake. */
export const configSchema: z.ZodType<Config> = z.strictObject({
  $schema: z.string().optional().describe('Where editors find this schema.'),
  argocdVersion: version.optional().describe('The Argo CD release to judge by, e.g. "3.4" or "3.4.4". Default: the newest recorded one.'),
  rolloutsVersion: version.optional().describe('The Argo Rollouts release to judge by, e.g. "1.9". Default: the newest recorded one.'),
  lbcVersion: version.optional().describe('The AWS Load Balancer Controller release to judge by, e.g. "2.13". Default: the newest recorded one.'),
  rules: z.record(z.string(), z.enum(['error', 'warning', 'info', 'off'])).optional().describe('The severity of each rule by its id, or off.'),
  ignore: z.array(z.string().min(1)).optional().describe('Globs of files and folders that are not read.'),
  failOn: z.enum(['error', 'warning', 'never']).optional().describe('The least severity that makes the exit code 1. Default: error.'),
  rulesFrom: z.array(z.string().min(1)).optional().describe('Modules that hold rules of your own: each exports one rule or a list of rules as its default.'),
})

/** The keys of a configuration, for suggestions. */
export const configKeys: readonly string[] = ['$schema', 'argocdVersion', 'rolloutsVersion', 'lbcVersion', 'rules', 'ignore', 'failOn', 'rulesFrom']

/** The schema as JSON Schema (draft 2020-12), as it is published beside this package for editors. */
export function configJsonSchema(): object {
  return { ...z.toJSONSchema(configSchema), title: 'rollsync configuration' }
}
