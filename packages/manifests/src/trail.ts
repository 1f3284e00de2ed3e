import { isAlias, isMap, isScalar, isSeq, type Pair, type YAMLMap, type YAMLSeq } from 'yaml'
import type { Layout } from './render.ts'
import { type Pointer, toPointer } from './pointer.ts'
import { followed, isMergeKey, keyName, type Syntax, type SyntaxTree } from './syntax.ts'

/** One step of the way to a value: the container, and the pair or item of it that was taken. */
export interface Step {
  readonly container: YAMLMap | YAMLSeq
  readonly index: number
  readonly pair?: Pair
  readonly node: Syntax
}

/** The way along a pointer through what a document itself writes: aliases are followed, merges are not. */
export interface Trail {
  readonly tree: SyntaxTree
  readonly layout: Layout
  readonly file: string
  readonly steps: readonly Step[]
  readonly found: readonly string[]
  readonly rest: readonly string[]
  readonly throughAlias: 'yes' | 'no'
}

export function trailTo(given: Pick<Trail, 'tree' | 'layout' | 'file'>, tokens: readonly string[]): Trail {
  const steps: Step[] = []
  let throughAlias: 'yes' | 'no' = 'no'
  let node = given.tree.root
  for (const token of tokens) {
    if (node !== null && isAlias(node)) throughAlias = 'yes'
    const step = stepTo(followed(given.tree, node), token)
    if (step === undefined) break
    steps.push(step)
    node = step.node
  }
  return { ...given, steps, found: tokens.slice(0, steps.length), rest: tokens.slice(steps.length), throughAlias }
}

function stepTo(container: Syntax, token: string): Step | undefined {
  if (isSeq(container)) {
    const index = /^(0|[1-9]\d*)$/.test(token) ? Number(token) : -1
    return index >= 0 && index < container.items.length ? { container, index, node: container.items[index] as Syntax } : undefined
  }
  if (!isMap(container)) return undefined
  const index = container.items.findLastIndex((pair) => isScalar(pair.key) && !isMergeKey(pair.key) && keyName(pair.key) === token)
  const pair = container.items[index]
  return pair === undefined ? undefined : { container, index, pair: pair as Pair, node: pair.value as Syntax }
}

/** The node at the end of the trail, aliases followed. */
export function endOf(trail: Trail): Syntax {
  const last = trail.steps.at(-1)
  return followed(trail.tree, last === undefined ? trail.tree.root : last.node)
}

export function pointerOf(trail: Trail): Pointer {
  return toPointer(trail.found)
}

/** Whether the value at the end of the trail stands inside `{…}` or `[…]`. */
export function isInFlow(trail: Trail): boolean {
  return trail.steps.some((step) => step.container.flow === true)
}

/** The trail one step shorter. */
export function parentOf(trail: Trail): Trail {
  return { ...trail, steps: trail.steps.slice(0, -1), found: trail.found.slice(0, -1), rest: [] }
}
