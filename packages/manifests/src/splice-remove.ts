import { isMap, isSeq, type Pair, type YAMLSeq } from 'yaml'
import { itemEnd, itemStart } from './flow-style.ts'
import { columnOf, lineEnd, lineStart, nextLine } from './layout.ts'
import { ManifestsError } from './manifests-error.ts'
import { breakBefore, replaceValue, trimBreaks } from './splice-set.ts'
import type { TextEdit } from './text-edit.ts'
import { parentOf, pointerOf, type Step, type Trail } from './trail.ts'

/** Takes a key or an item out; the last one leaves `{}` or `[]` behind. */
export function removeValue(trail: Trail): readonly TextEdit[] {
  const step = trail.steps.at(-1)
  if (step === undefined || trail.rest.length > 0) throw new ManifestsError('no-such-value', `there is nothing to remove at ${pointerOf(trail)}`)
  const { container } = step
  if (container.items.length === 1) return replaceValue(parentOf(trail), isSeq(container) ? [] : {})
  if (container.flow === true) return [removeInFlow(trail, step)]
  const start = startOf(trail, step, step.index)
  const end = itemEnd(container.items[step.index])
  return [removeLines(trail, start, end, step.index + 1 < container.items.length ? startOf(trail, step, step.index + 1) : undefined)]
}

function startOf(trail: Trail, step: Step, index: number): number {
  if (isMap(step.container)) return itemStart(step.container.items[index] as Pair)
  return dashOf(trail, step.container as YAMLSeq, index)
}

function dashOf(trail: Trail, list: YAMLSeq, index: number): number {
  const { text } = trail.tree
  const first = list.range?.[0] ?? 0
  if (index === 0) return first
  const column = columnOf(text, first)
  for (let at = nextLine(text, trimBreaks(text, 0, itemEnd(list.items[index - 1]))); at < text.length; at = nextLine(text, at)) {
    const mark = at + column
    if (text[mark] === '-' && text.slice(at, mark).trim() === '') return mark
  }
  throw new ManifestsError('no-such-item', `the dash of item ${index} was not found`)
}

function removeInFlow(trail: Trail, step: Step): TextEdit {
  const { items } = step.container
  const next = items[step.index + 1]
  const item = items[step.index]
  if (next !== undefined) return { file: trail.file, start: itemStart(item), end: itemStart(next), text: '' }
  return { file: trail.file, start: itemEnd(items[step.index - 1]), end: itemEnd(item), text: '' }
}

function removeLines(trail: Trail, start: number, end: number, next: number | undefined): TextEdit {
  const { text } = trail.tree
  const line = lineStart(text, start)
  // The first key of an item shares its line with the dash: what follows moves up to it.
  if (text.slice(line, start).trim() !== '' && next !== undefined) return { file: trail.file, start, end: next, text: '' }
  const last = lineEnd(text, trimBreaks(text, start, end))
  const after = nextLine(text, last)
  if (after === text.length && text[after - 1] !== '\n') return { file: trail.file, start: breakBefore(text, line), end: after, text: '' }
  return { file: trail.file, start: line, end: after, text: '' }
}
