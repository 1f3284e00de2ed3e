import type { Pointer } from '@rollsync/manifests'
import { child, type FieldPath } from './field-path.ts'
import { fieldAt, mapAt } from './loose.ts'
import { parseQuantity, printQuantity, type Quantity } from './quantity.ts'
import { invalid, type Subject, type ValidationError } from './validation-error.ts'

/** The resources that a container may overcommit; all others are named by `resourceGaps`. */
const usual = ['cpu', 'ephemeral-storage', 'memory'] as const

/** core/validation:7520 validateResourceRequirements. Go looks at them in random order; here by name, limits first. */
export function validateResources(subject: Subject, resources: unknown, path: FieldPath): readonly ValidationError[] {
  const limits = quantities(resources, 'limits')
  return [
    ...[...limits].flatMap(([name, quantity]) => nonNegative(subject, quantity, name, child(path, 'limits'))),
    ...[...quantities(resources, 'requests')].flatMap(([name, quantity]) => {
      const limit = limits.get(name)
      const at = child(path, 'requests')
      const errors = nonNegative(subject, quantity, name, at)
      if (limit === undefined || quantity.milli <= limit.milli) return errors
      const most = subject.texts.limitValue ? ` of ${printQuantity(limit)}` : ''
      const place = { field: at.field, pointer: child(at, name).pointer }
      return [...errors, invalid(subject, place, printQuantity(quantity), `must be less than or equal to ${name} limit${most}`)]
    }),
  ]
}

function quantities(resources: unknown, key: 'limits' | 'requests'): ReadonlyMap<string, Quantity> {
  const map = mapAt(resources, key)
  return new Map(usual.flatMap((name) => {
    const quantity = parseQuantity(fieldAt(map, name))
    return quantity === undefined ? [] : [[name, quantity] as const]
  }))
}

function nonNegative(subject: Subject, quantity: Quantity, name: string, path: FieldPath): readonly ValidationError[] {
  if (quantity.milli >= 0n) return []
  const at = { field: `${path.field}[${name}]`, pointer: child(path, name).pointer }
  return [invalid(subject, at, printQuantity(quantity), 'must be greater than or equal to 0')]
}

export function resourceGaps(resources: unknown, path: FieldPath): readonly Pointer[] {
  const claims = fieldAt(resources, 'claims') === undefined ? [] : [child(path, 'claims').pointer]
  const others = (['limits', 'requests'] as const).flatMap((key) => Object.entries(mapAt(resources, key) ?? {})
    .filter(([name, value]) => !usual.some((known) => known === name) || parseQuantity(value) === undefined).map(([name]) => child(path, key, name).pointer))
  return [...others, ...claims]
}
