import { expect, it } from 'vitest'
import { readPointer, removePointer } from './remove-pointer.ts'

const remove = (document: unknown, pointer: string): unknown => removePointer(document, readPointer(pointer))

it('removes a key with a slash and a tilde in its name', () => {
  expect(remove({ metadata: { annotations: { 'a/b': '1', 'c~d': '2' } } }, '/metadata/annotations/a~1b')).toEqual({ removal: 'done', object: { metadata: { annotations: { 'c~d': '2' } } } })
  expect(remove({ 'c~d': 1 }, '/c~0d')).toEqual({ removal: 'done', object: {} })
})

it('reads ~01 in one pass, as Go\'s replacer does', () => {
  expect(remove({ '~1': 1 }, '/~01')).toEqual({ removal: 'done', object: {} })
})

it('removes from lists by index, from the end for a negative one', () => {
  expect(remove({ list: [1, 2, 3] }, '/list/0')).toEqual({ removal: 'done', object: { list: [2, 3] } })
  expect(remove({ list: [1, 2, 3] }, '/list/-1')).toEqual({ removal: 'done', object: { list: [1, 2] } })
})

it('logs an index out of range and a text in the place of an index, and says nothing of a path that is not there', () => {
  expect(remove({ list: [] }, '/list/5')).toEqual({ removal: 'failed', error: "error in remove for path: '/list/5': Unable to access invalid index: 5: invalid index referenced" })
  expect(remove({ list: [1] }, '/list/x')).toEqual({ removal: 'failed', error: 'error in remove for path: \'/list/x\': strconv.Atoi: parsing "x": invalid syntax' })
  expect(remove({ a: 1 }, '/b')).toEqual({ removal: 'missing' })
  expect(remove({ a: 1 }, '/a/b')).toEqual({ removal: 'missing' })
})

it('takes a pointer without a leading slash as the JSON patch library does', () => {
  expect(remove({ spec: 1 }, 'spec')).toEqual({ removal: 'missing' })
  expect(remove({ spec: 1 }, 'anything/spec')).toEqual({ removal: 'done', object: {} })
})

it('touches neither the document nor a prototype', () => {
  const document = JSON.parse('{"__proto__":{"a":1},"b":2}') as object
  expect(remove(document, '/__proto__/a')).toEqual({ removal: 'done', object: JSON.parse('{"__proto__":{},"b":2}') })
  expect(Object.hasOwn(Object.prototype, 'a')).toBe(false)
  expect(JSON.stringify(document)).toBe('{"__proto__":{"a":1},"b":2}')
})
