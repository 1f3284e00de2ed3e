import { BeyondGrammar } from './beyond-grammar.ts'
import { byZero, cannot, cannotSign } from './gojq-errors.ts'
import { compareValues, fieldOf, isList, isObject, type JqObject } from './values.ts'

// gojq keeps int, float64 and big numbers apart; JavaScript's one number agrees with it on safe values only.
const sure = (value: number): number => {
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER || Object.is(value, -0)) throw new BeyondGrammar('arithmetic on unusual numbers')
  return value
}

/** operator.go funcOpAdd. */
export function addValues(left: unknown, right: unknown): unknown {
  if (typeof left === 'number' && typeof right === 'number') return sure(left + right)
  if (typeof left === 'string' && typeof right === 'string') return left + right
  if (isList(left) && isList(right)) return left.length === 0 ? right : right.length === 0 ? left : [...left, ...right]
  if (isObject(left) && isObject(right)) {
    if (Object.keys(left).length === 0) return right
    return Object.keys(right).length === 0 ? left : { ...left, ...right }
  }
  if (left === null) return right
  if (right === null) return left
  throw cannot('add', left, right)
}

/** func.go add: the sum of all, null for none; lists and objects are copies. */
export function addAll(items: readonly unknown[]): unknown {
  let sum: unknown = null
  for (const item of items) sum = sum === null ? (isList(item) ? [...item] : isObject(item) ? { ...item } : item) : addValues(sum, item)
  return sum
}

/** operator.go funcOpSub. */
export function subtract(left: unknown, right: unknown): unknown {
  if (typeof left === 'number' && typeof right === 'number') return sure(left - right)
  if (isList(left) && isList(right)) return left.filter((item) => !right.some((of) => compareValues(item, of) === 0))
  throw cannot('subtract', left, right)
}

/** operator.go funcOpMul: numbers and deep merges; a repeated string is beyond us. */
export function multiply(left: unknown, right: unknown): unknown {
  if (typeof left === 'number' && typeof right === 'number') return sure(left * right)
  if (isObject(left) && isObject(right)) return merge(left, right)
  if (typeof left === 'string' && typeof right === 'number') throw new BeyondGrammar('a repeated string')
  if (typeof left === 'number' && typeof right === 'string') throw new BeyondGrammar('a repeated string')
  throw cannot('multiply', left, right)
}

const merge = (left: JqObject, right: JqObject): JqObject => {
  const merged = new Map<string, unknown>(Object.entries(left))
  for (const key of Object.keys(right)) {
    const [of, value] = [merged.get(key), fieldOf(right, key)]
    merged.set(key, isObject(of) && isObject(value) ? merge(of, value) : value)
  }
  return Object.fromEntries(merged)
}

/** operator.go funcOpDiv. */
export function divide(left: unknown, right: unknown): unknown {
  if (typeof left === 'number' && typeof right === 'number') {
    if (right === 0) throw byZero('divide', left, right)
    return sure(left / right)
  }
  if (typeof left === 'string' && typeof right === 'string') return left === '' ? [] : right === '' ? [...left] : left.split(right)
  throw cannot('divide', left, right)
}

/** operator.go funcOpMod: on whole numbers. */
export function remainder(left: unknown, right: unknown): unknown {
  if (typeof left !== 'number' || typeof right !== 'number') throw cannot('modulo', left, right)
  sure(left)
  if (Math.trunc(sure(right)) === 0) throw byZero('modulo', left, right)
  const rest = Math.trunc(left) % Math.trunc(right)
  return rest === 0 ? 0 : rest
}

/** operator.go funcOpPlus. */
export function plus(value: unknown): unknown {
  if (typeof value !== 'number') throw cannotSign('plus', value)
  return value
}

/** operator.go funcOpNegate. */
export function negate(value: unknown): unknown {
  if (typeof value !== 'number') throw cannotSign('negate', value)
  return sure(-value)
}
