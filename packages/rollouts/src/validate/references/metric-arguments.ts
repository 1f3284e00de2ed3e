import { goJson } from '../../go-json.ts'
import type { Json } from '../loose.ts'

// analysis_types.go Metric: the order in which encoding/json prints it.
const order = ['name', 'interval', 'initialDelay', 'count', 'successCondition', 'failureCondition', 'failureLimit', 'inconclusiveLimit', 'consecutiveErrorLimit', 'provider', 'consecutiveSuccessLimit']

/** utils/template ResolveArgs over the metric's JSON: the last tag that no argument answers, as it stands between the braces. */
export function unresolvedTag(metric: Json, known: ReadonlyMap<string, string>): string | undefined {
  const keys = [...order.filter((key) => Object.hasOwn(metric, key)), ...Object.keys(metric).filter((key) => !order.includes(key))]
  const text = goJson(Object.fromEntries(keys.map((key) => [key, metric[key]])))
  let last: string | undefined
  for (const [, tag = ''] of text.matchAll(/\{\{(.*?)\}\}/gs)) {
    const name = /^\s*args\.(.*?)\s*$/s.exec(tag)?.[1]
    if (name === undefined || !known.has(name)) last = tag
  }
  return last
}
