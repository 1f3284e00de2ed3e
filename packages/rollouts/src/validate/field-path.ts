import type { Pointer } from '@rollsync/manifests'

/** A place in an object, twice: as the controller spells it (`spec.strategy.steps[0]`) and as a person finds it (`/spec/strategy/canary/steps/0`). */
export interface FieldPath {
  readonly field: string
  readonly pointer: Pointer
}

/** A path that the controller and the object agree on: `spec.template` is `/spec/template`. */
export function fieldPath(...names: readonly string[]): FieldPath {
  return { field: names.join('.'), pointer: names.map(pointerToken).join('') }
}

export function child(path: FieldPath, ...names: readonly string[]): FieldPath {
  return { field: [path.field, ...names].join('.'), pointer: path.pointer + names.map(pointerToken).join('') }
}

export function item(path: FieldPath, index: number): FieldPath {
  return { field: `${path.field}[${index}]`, pointer: `${path.pointer}/${index}` }
}

/** The same words of the controller, but another place to edit. */
export function editedAt(path: FieldPath, place: FieldPath): FieldPath {
  return { field: path.field, pointer: place.pointer }
}

function pointerToken(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
}
