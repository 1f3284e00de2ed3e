import { isMap, jsonEqual } from '@rollsync/manifests'
import type { Lived } from './live.ts'

/** Where what was seen is not what was predicted, a line for each value; an empty list is agreement. */
export function disagreements(lived: readonly Lived[]): readonly string[] {
  return lived.flatMap(({ event, predicted, seen }, index) => differences(predicted, seen).map((line) => `${index} ${event}: ${line}`))
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
