import type { Shape } from '../schema.ts'
import { type FieldSet, isEmptySet, shapeBelow } from './field-set.ts'
import type { PathElement } from './path-element.ts'

/** reconcile_schema.go: owned fields below something that is atomic today are ownership of the whole. */
export function reconcileFieldSet(set: FieldSet, shape: Shape | undefined): FieldSet {
  const members = new Set(set.members)
  const children = new Map<PathElement, FieldSet>()
  for (const [element, child] of set.children) {
    const inner = shapeBelow(shape, element)
    if (inner && isAtomic(inner) && !isEmptySet(child)) members.add(element)
    else children.set(element, inner ? reconcileFieldSet(child, inner) : child)
  }
  return { members, children }
}

function isAtomic(shape: Shape): boolean {
  return (shape.is === 'list' || shape.is === 'map' || shape.is === 'struct') && shape.merge === 'atomic'
}
