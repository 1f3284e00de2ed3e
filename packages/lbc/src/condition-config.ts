import { type Annotations, jsonAnnotation } from './annotations.ts'
import { failure } from './controller-error.ts'
import { type JsonType, namedText, pointer, slice, struct, text } from './go/json-type.ts'
import type { LbcProfile } from './profile.ts'

export interface PatternConfig {
  readonly values?: readonly string[]
  readonly regexValues?: readonly string[]
}

/** One entry of `conditions.<service>` as it is written (config_types.go RuleCondition). `field` can be anything. */
export interface ConditionConfig {
  readonly field: string
  readonly hostHeaderConfig?: PatternConfig
  readonly httpHeaderConfig?: PatternConfig & { readonly httpHeaderName: string }
  readonly httpRequestMethodConfig?: { readonly values?: readonly string[] }
  readonly pathPatternConfig?: PatternConfig
  readonly queryStringConfig?: { readonly values?: readonly QueryPair[] }
  readonly sourceIPConfig?: { readonly values?: readonly string[] }
}

export interface QueryPair {
  readonly key?: string
  readonly value: string
}

/** `conditions.<service>`, parsed and checked; none where the annotation is absent. Read for every backend, with `use-annotation` or without. */
export function readConditions(annotations: Annotations, service: string, profile: LbcProfile): readonly ConditionConfig[] {
  const conditions = parseConditions(annotations, service, profile)
  for (const condition of conditions) validateCondition(condition, profile)
  return conditions
}

/** `conditions.<service>` as it decodes, without the checks. */
export function parseConditions(annotations: Annotations, service: string, profile: LbcProfile): readonly ConditionConfig[] {
  return jsonAnnotation<readonly ConditionConfig[]>(annotations, `conditions.${service}`, slice(conditionType(profile))) ?? []
}

function conditionType(profile: LbcProfile): JsonType {
  const values = slice(text)
  const patterns = profile.regex === 'known' ? { regexValues: values, values } : { values }
  const pair = struct('QueryStringKeyValuePair', { key: pointer(text), value: text })
  return struct('RuleCondition', {
    field: namedText('RuleConditionField'),
    hostHeaderConfig: pointer(struct('HostHeaderConditionConfig', patterns)),
    httpHeaderConfig: pointer(struct('HTTPHeaderConditionConfig', { httpHeaderName: text, ...patterns })),
    httpRequestMethodConfig: pointer(struct('HTTPRequestMethodConditionConfig', { values })),
    pathPatternConfig: pointer(struct('PathPatternConditionConfig', patterns)),
    queryStringConfig: pointer(struct('QueryStringConditionConfig', { values: slice(pair) })),
    sourceIPConfig: pointer(struct('SourceIPConditionConfig', { values })),
  })
}

/** config_types.go RuleCondition.Validate: a field that it does not know passes. */
export function validateCondition(condition: ConditionConfig, profile: LbcProfile): void {
  switch (condition.field) {
    case 'host-header': return checkPatterns('hostHeaderConfig', condition.hostHeaderConfig, profile)
    case 'path-pattern': return checkPatterns('pathPatternConfig', condition.pathPatternConfig, profile)
    case 'http-header': return checkPatterns('httpHeaderConfig', condition.httpHeaderConfig, profile)
    case 'http-request-method': return checkValues('httpRequestMethodConfig', condition.httpRequestMethodConfig, 'values cannot be empty')
    case 'query-string':
      checkValues('queryStringConfig', condition.queryStringConfig, 'Values cannot be empty')
      if (condition.queryStringConfig?.values?.some((pair) => pair.value === '')) throw failure('invalid queryStringConfig: value cannot be empty')
      return
    case 'source-ip': return checkValues('sourceIPConfig', condition.sourceIPConfig, 'values cannot be empty')
    default:
  }
}

function checkPatterns(name: string, config: PatternConfig | undefined, profile: LbcProfile): void {
  if (config === undefined) throw failure(`missing ${name}`)
  const values = config.values?.length ?? 0
  const regexValues = config.regexValues?.length ?? 0
  if (values === 0 && regexValues === 0) {
    throw failure(`invalid ${name}: ${profile.regex === 'known' ? 'values or regexValues must be specified' : 'values cannot be empty'}`)
  }
  if (values !== 0 && regexValues !== 0) throw failure(`invalid ${name}: precisely one of values and regexValues can be specified`)
}

function checkValues(name: string, config: { readonly values?: readonly unknown[] } | undefined, empty: string): void {
  if (config === undefined) throw failure(`missing ${name}`)
  if ((config.values?.length ?? 0) === 0) throw failure(`invalid ${name}: ${empty}`)
}
