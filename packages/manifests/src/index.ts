export { jsonEqual } from './json-equal.ts'
export { groupOf, type KubeObject, type ObjectMeta, refKey, refOf, type ResourceRef, refText } from './kubernetes.ts'
export { applyMergePatch, createMergePatch, isMap } from './merge-patch.ts'
export { type Pointer, pointerTokens, toPointer, valueAt } from './pointer.ts'
