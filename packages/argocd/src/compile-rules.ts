import type { IgnoreDifference } from './ignore-difference.ts'
import { compileNormalizer, type CompiledNormalizer } from './ignore-normalizer.ts'
import type { JqEngine } from './jq/engine.ts'
import { type CustomSchemas, publishedSchemas } from './object-shape.ts'
import type { ArgocdProfile } from './profile.ts'
import { settle } from './settle.ts'
import { readSettings, type Settings, SettingsError } from './settings.ts'

export interface RulesInput {
  readonly profile: ArgocdProfile
  readonly jq: JqEngine
  /** `data` of argocd-cm; empty where it is left out. */
  readonly argocdCm?: Readonly<Record<string, string>>
  /** Schemas of custom resources, from readCustomSchemas; the published ones where it is left out. */
  readonly schemas?: CustomSchemas
}

/** Rules made ready once for many comparisons. Whether they can be used at all stands in `normalizer`. */
export interface CompiledRules {
  readonly ignoreDifferences: readonly IgnoreDifference[]
  readonly profile: ArgocdProfile
  readonly settings: Settings
  readonly normalizer: CompiledNormalizer
  readonly schemas: CustomSchemas
}

/** Checks and compiles an Application's ignoreDifferences together with the settings of argocd-cm. A promise only where a foreign jq engine must be asked. */
export function compileRules(ignoreDifferences: readonly IgnoreDifference[], input: RulesInput): CompiledRules | Promise<CompiledRules> {
  return settle((function* () {
    const settings = readSettings(input.argocdCm ?? {}, input.profile)
    const normalizer = yield* compileNormalizer(ignoreDifferences, settings.overrides, { jq: input.jq, emptyTimes: input.profile.emptyTimes })
    return { ignoreDifferences, profile: input.profile, settings, normalizer, schemas: input.schemas ?? publishedSchemas }
  })())
}

export { SettingsError }
