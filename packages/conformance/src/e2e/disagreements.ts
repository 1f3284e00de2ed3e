import { isMap, jsonEqual } from '@rollsync/manifests'
import type { Lived } from './live.ts'
import type { ScenarioApplication } from './scenario.ts'

/**
 * Where what was seen is not what was predicted, a line for each value; an empty list is agreement. Under server-side apply self-heal may come once more than predicted: a sync that
 * takes over no more than the ownership of a field wakes Rollouts, and who owned what before is not modelled (docs/truth.md).
 */
export function disagreements(lived: readonly Lived[], { syncOptions = [] }: ScenarioApplication = {}): readonly string[] {
  const isServerSide = syncOptions.includes('ServerSideApply=true')
  return lived.flatMap(({ event, predicted, seen, afterFight }, index) => {
    const heals = afterFight || (isServerSide && !predicted.heals) ? predicted.heals : seen.heals
    return differences(predicted, { ...seen, heals, ...(afterFight ? { writers: predicted.writers } : {}) }).map((line) => `${index} ${event}: ${line}`)
  })
}

function differences(predicted: unknown, seen: unknown, path = ''): readonly string[] {
  if (jsonEqual(predicted, seen)) return []
  if (isMap(predicted) && isMap(seen)) {
    const keys = [...new Set([...Object.keys(predicted), ...Object.keys(seen)])].sort()
    return keys.flatMap((key) => differences(predicted[key], seen[key], `${path} ${key}`))
  }
  if (Array.isArray(predicted) && Array.isArray(seen) && predicted.length === seen.length) return predicted.flatMap((one, index) => differences(one, seen[index], `${path} ${index}`))
  return [`${path.trim()}: predicted ${textOf(predicted)}, seen ${textOf(seen)}`]
}

function textOf(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}
