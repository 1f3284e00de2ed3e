import type { KubeObject } from '@rollsync/manifests'
import type { Rollout, RolloutAnalysis } from '../../rollout.ts'
import type { FieldPath } from '../field-path.ts'
import { fieldAt, type Json, listAt, mapAt, textAt } from '../loose.ts'
import { isBadPath } from '../step-arguments.ts'
import { invalid, type Subject, type ValidationError } from '../validation-error.ts'
import type { Found } from './analysis-templates.ts'
import { unresolvedTag } from './metric-arguments.ts'

/** validation_references.go:122 ValidateAnalysisTemplatesWithType: what an AnalysisRun of all templates together would say. Only the first error. */
export function validateTemplates(subject: Subject, rollout: Rollout, analysis: RolloutAnalysis, found: Found, path: FieldPath): readonly ValidationError[] {
  const all = [...found.templates, ...found.cluster]
  const value = `templateNames: [${all.map(({ metadata }) => metadata.name).join(' ')}]`
  const steps = (rollout.spec.strategy.canary?.steps ?? []).flatMap((step) => (step.analysis === undefined ? [] : [step.analysis]))
  const text = [undefined, ...steps].map((step) => runError(all, analysis.args ?? [], step)).find((error) => error !== undefined)
  return text === undefined ? [] : [invalid(subject, path, value, text)]
}

/** utils/analysis/helpers.go:292 NewAnalysisRunFromTemplates */
function runError(templates: readonly KubeObject[], given: readonly unknown[], step: RolloutAnalysis | undefined): string | undefined {
  const gather = (key: string): readonly unknown[] => templates.flatMap((template) => listAt(template['spec'], key) ?? [])
  const twice = (entries: readonly unknown[], key: string): string | undefined => {
    const names = entries.map((entry) => textAt(entry, key))
    return names.find((name, index) => names.indexOf(name) < index)
  }
  const metric = twice(gather('metrics'), 'name')
  if (metric !== undefined) return `two metrics have the same name '${metric}'`
  const dryRun = twice(gather('dryRun'), 'metricName')
  if (dryRun !== undefined) return `two Dry-Run metric rules have the same name '${dryRun}'`
  const retention = twice(gather('measurementRetention'), 'metricName')
  if (retention !== undefined) return `two Measurement Retention metric rules have the same name '${retention}'`
  const argument = argumentError(gather('args'), given)
  if (argument !== undefined) return argument
  const both = (key: string): string | undefined => twice([...(listAt(step, key) ?? []), ...gather(key)], 'metricName')
  const stepDryRun = both('dryRun')
  if (stepDryRun !== undefined) return `two Dry-Run metric rules have the same name '${stepDryRun}'`
  const stepRetention = both('measurementRetention')
  return stepRetention === undefined ? undefined : `two Measurement Retention metric rules have the same name '${stepRetention}'`
}

/** utils/analysis/helpers.go:357 flattenArgs and :236 MergeArgs */
function argumentError(declared: readonly unknown[], given: readonly unknown[]): string | undefined {
  const combined = new Map<string, unknown>()
  for (const argument of declared) {
    const name = textAt(argument, 'name')
    const before = combined.get(name)
    const [old, fresh] = [fieldAt(before, 'value'), fieldAt(argument, 'value')]
    if (typeof old === 'string' && typeof fresh === 'string' && old !== fresh) return `Argument \`${name}\` specified multiple times with different values: '${old}', '${fresh}'`
    if (typeof old !== 'string') combined.set(name, argument)
  }
  // utils/analysis/factory.go:18: one metadata path that cannot be read drops all arguments.
  const dropped = given.some((argument) => isBadPath(textAt(mapAt(mapAt(argument, 'valueFrom'), 'fieldRef'), 'fieldPath') || undefined))
  const names = new Set(dropped ? [] : given.map((argument) => textAt(argument, 'name')))
  for (const [name, argument] of combined) {
    if (!names.has(name) && typeof fieldAt(argument, 'value') !== 'string' && mapAt(argument, 'valueFrom') === undefined) return `args.${name} was not resolved`
  }
  return undefined
}

/** validation_references.go:158 ValidateAnalysisTemplateWithType */
export function validateTemplate(subject: Subject, rollout: Rollout, template: KubeObject, kind: 'background' | 'other', path: FieldPath): readonly ValidationError[] {
  const name = template.metadata.name
  const declared = listAt(template['spec'], 'args') ?? []
  if (kind === 'background') return validateBackground(subject, rollout, name, declared, path)
  const both = declared.find((argument) => mapAt(argument, 'valueFrom') !== undefined && typeof fieldAt(argument, 'value') === 'string')
  if (both !== undefined) return [invalid(subject, path, name, `AnalysisTemplate ${name}: arg '${textAt(both, 'name')}' has both Value and ValueFrom fields`)]
  const metrics = (listAt(template['spec'], 'metrics') ?? []).filter((metric): metric is Json => typeof metric === 'object' && metric !== null)
  const known = new Map(declared.map((argument) => [textAt(argument, 'name'), textAt(argument, 'value') || 'dummy-value']))
  for (const metric of metrics) {
    const tag = unresolvedTag(metric, known)
    if (tag !== undefined) return [invalid(subject, path, name, `AnalysisTemplate ${name}: failed to resolve {{${tag}}}`)]
  }
  return metrics.filter((metric) => textAt(metric, 'interval') !== '').flatMap((metric) => {
    const count = resolvedCount(metric, known)
    // analysis_types.go:159 EffectiveCount: an interval without a count never ends.
    if (count !== undefined && intValue(count) !== 0) return []
    return [invalid(subject, path, name, `AnalysisTemplate ${name} has metric ${textAt(metric, 'name')} which runs indefinitely. Invalid value for count: ${count ?? '<nil>'}`)]
  })
}

/** The count as text, its arguments put in; undefined where the metric has none. */
function resolvedCount(metric: Json, known: ReadonlyMap<string, string>): string | undefined {
  const count = fieldAt(metric, 'count')
  if (count === undefined || count === null) return undefined
  return String(count).replace(/\{\{\s*args\.(.*?)\s*\}\}/g, (_, argument: string) => known.get(argument) ?? '')
}

/** apimachinery IntOrString.IntValue: what is no whole number counts as 0. */
function intValue(text: string): number {
  return /^[+-]?\d+$/.test(text) ? Number(text) : 0
}

function validateBackground(subject: Subject, rollout: Rollout, name: string, declared: readonly unknown[], path: FieldPath): readonly ValidationError[] {
  const given = rollout.spec.strategy.canary?.analysis?.args
  return declared.filter((argument) => typeof fieldAt(argument, 'value') !== 'string' && mapAt(argument, 'valueFrom') === undefined).flatMap((argument) => {
    const wanted = textAt(argument, 'name')
    if (given === undefined) return [invalid(subject, path, name, 'missing analysis arguments in rollout spec')]
    return given.some((entry) => textAt(entry, 'name') === wanted) ? [] : [invalid(subject, path, name, wanted)]
  })
}
