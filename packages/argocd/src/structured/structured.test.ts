import { describe, expect, it } from 'vitest'
import { builtInType, type Shape } from '../schema.ts'
import { compareTyped } from './compare.ts'
import { serverDialect as dialect } from './dialect.ts'
import { difference, pathsOf, readFieldSet, recursiveDifference, union, withNamedFields, writeFieldSet } from './field-set.ts'
import { mergeTyped } from './merge.ts'
import { removeItems } from './remove.ts'
import { toFieldSet } from './to-field-set.ts'
import { StructuredMergeError } from './typed-value.ts'
import { applyTyped } from './update.ts'
import { asTyped } from './validate.ts'

const shapeOf = (kind: string, apiVersion = 'v1'): Shape => ({ is: 'struct', type: () => builtInType(apiVersion, kind)!, merge: 'separable' })
const service = (spec: object): object => ({ apiVersion: 'v1', kind: 'Service', spec })
const typed = (value: object, kind = 'Service', apiVersion = 'v1') => asTyped(value, shapeOf(kind, apiVersion), 'refused', dialect)
const ports = (...list: object[]) => typed(service({ ports: list }))
const valueOf = (of: { value: unknown }): unknown => (of.value as { spec: unknown }).spec

describe('mergeTyped', () => {
  it('brings list elements together by their keys, with the key\'s default where it is left out', () => {
    const merged = mergeTyped(ports({ port: 80, protocol: 'TCP', name: 'a' }, { port: 53, protocol: 'UDP' }), ports({ port: 80, name: 'b' }), dialect)
    expect(valueOf(merged)).toEqual({ ports: [{ port: 80, protocol: 'TCP', name: 'b' }, { port: 53, protocol: 'UDP' }] })
  })

  it('replaces atomic maps and lists whole', () => {
    expect(valueOf(mergeTyped(typed(service({ selector: { a: '1', b: '2' } })), typed(service({ selector: { a: '1' } })), dialect))).toEqual({ selector: { a: '1' } })
  })

  it('keeps both orders where they agree, and the right one where they do not', () => {
    const named = (...keys: number[]) => ports(...keys.map((port) => ({ port, protocol: 'TCP' })))
    const order = (left: number[], right: number[]): number[] => (valueOf(mergeTyped(named(...left), named(...right), dialect)) as { ports: { port: number }[] }).ports.map((one) => one.port)
    expect(order([1, 2, 3], [2, 4])).toEqual([1, 2, 3, 4])
    expect(order([1, 2, 3], [3, 1])).toEqual([2, 3, 1])
    expect(order([], [2, 1])).toEqual([2, 1])
  })
})

describe('compareTyped', () => {
  const texts = (set: { members: ReadonlySet<string>; children: ReadonlyMap<string, never> }): string[] => pathsOf(set).map((path) => path.join(' ')).toSorted()

  it('names what is removed, modified and added', () => {
    const compared = compareTyped(ports({ port: 80, protocol: 'TCP', name: 'a' }, { port: 1, protocol: 'TCP' }), ports({ port: 80, protocol: 'TCP', name: 'b' }, { port: 2, protocol: 'TCP' }), dialect)
    expect(texts(compared.modified as never)).toEqual(['f:spec f:ports k:{"port":80,"protocol":"TCP"} f:name'])
    expect(texts(compared.removed as never)).toContain('f:spec f:ports k:{"port":1,"protocol":"TCP"}')
    expect(texts(compared.added as never)).toContain('f:spec f:ports k:{"port":2,"protocol":"TCP"} f:port')
  })

  it('takes an atomic list as one field', () => {
    const rules = (host: string) => typed({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', spec: { rules: [{ host }] } }, 'Ingress', 'networking.k8s.io/v1')
    expect(texts(compareTyped(rules('a'), rules('b'), dialect).modified as never)).toEqual(['f:spec f:rules'])
  })
})

describe('removeItems', () => {
  const item = readFieldSet({ 'f:spec': { 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': {} } } })!

  it.each([['kept', []], ['null', null]] as const)('leaves a list that loses its last element %s', (emptied, left) => {
    expect(valueOf(removeItems(ports({ port: 80 }), item, { ...dialect, emptied }))).toEqual({ ports: left })
  })
})

describe('asTyped', () => {
  const message = (value: object, kind = 'Service'): string => {
    try {
      asTyped(value, shapeOf(kind), 'refused', dialect)
      return 'accepted'
    } catch (error) {
      return error instanceof StructuredMergeError ? error.message : 'another error'
    }
  }

  it.each([
    [service({ notAField: 1 }), '.spec.notAField: field not declared in schema'],
    [service({ healthCheckNodePort: '1' }), '.spec.healthCheckNodePort: expected numeric (int or float), got string'],
    [service({ type: 5 }), '.spec.type: expected string, got &value.valueUnstructured{Value:5}'],
    [service({ publishNotReadyAddresses: 'yes' }), '.spec.publishNotReadyAddresses: expected boolean, got &{yes}'],
    [service({ selector: ['a'] }), '.spec.selector: expected map, got &{[a]}'],
    [service({ ports: { a: 1 } }), '.spec.ports: expected list, got &{map[a:1]}'],
    [service({ ports: [{ port: 1 }, { port: 1, protocol: 'TCP' }] }), '.spec.ports: duplicate entries for key [port=1,protocol="TCP"]'],
    [service({ ports: [null] }), '.spec.ports: element 0: associative list with keys may not have a null element'],
    [service({ ports: [{ port: 1, appProtocol: 5 }] }), '.spec.ports[port=1,protocol="TCP"].appProtocol: expected string, got &value.valueUnstructured{Value:5}'],
    [service({ ports: null, selector: null }), 'accepted'],
  ])('%j: %s', (value, text) => {
    expect(message(value)).toBe(text)
  })
})

describe('field sets', () => {
  const read = (fields: object) => readFieldSet(fields)!

  it('are read and written in the form of managedFields', () => {
    const fields = { 'f:metadata': { 'f:annotations': { '.': {}, 'f:a': {} } }, 'f:spec': { 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {} } }, 'f:x': { 'v:"1"': {} } } }
    expect(writeFieldSet(read(fields))).toEqual(fields)
    expect(writeFieldSet(read({ 'f:a': { 'k:{"protocol":"TCP","port":80}': {} } }))).toEqual({ 'f:a': { 'k:{"port":80,"protocol":"TCP"}': {} } })
  })

  it.each([[{ 'x:a': {} }], [{ 'k:{': {} }], [{ 'f:a': 5 }], [[]], [null]])('cannot be read from %j', (fields) => {
    expect(readFieldSet(fields)).toBeUndefined()
  })

  it('subtract members, and with recursion all below them', () => {
    const whole = read({ 'f:a': { '.': {}, 'f:b': {} }, 'f:c': {} })
    expect(writeFieldSet(difference(whole, read({ 'f:a': {} })))).toEqual({ 'f:a': { 'f:b': {} }, 'f:c': {} })
    expect(writeFieldSet(recursiveDifference(whole, read({ 'f:a': {} })))).toEqual({ 'f:c': {} })
    expect(writeFieldSet(union(read({ 'f:a': {} }), read({ 'f:a': { 'f:b': {} } })))).toEqual({ 'f:a': { '.': {}, 'f:b': {} } })
  })

  it('gain the declared fields on the way, but not list elements', () => {
    const set = withNamedFields(read({ 'f:spec': { 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { 'f:name': {} } } } }), shapeOf('Service'))
    expect(writeFieldSet(set)).toEqual({ 'f:spec': { '.': {}, 'f:ports': { '.': {}, 'k:{"port":80,"protocol":"TCP"}': { 'f:name': {} } } } })
  })
})

describe('applyTyped', () => {
  const apply = (live: object, config: object, owners: Record<string, object>) =>
    applyTyped(typed(live), typed(config), new Map(Object.entries(owners).map(([key, fields]) => [key, readFieldSet(fields)!])), 'me', dialect)
  const port = 'k:{"port":80,"protocol":"TCP"}'

  it('drops what the manager owned and no longer names', () => {
    const applied = apply(service({ type: 'NodePort', ports: [{ port: 80, protocol: 'TCP' }] }), service({ type: 'NodePort' }), { me: { 'f:spec': { 'f:type': {}, 'f:ports': { [port]: { '.': {}, 'f:port': {} } } } } })
    expect(valueOf(applied.object)).toEqual({ type: 'NodePort' })
  })

  it('keeps it where another one owns it too', () => {
    const fields = { 'f:spec': { 'f:sessionAffinity': {} } }
    const applied = apply(service({ sessionAffinity: 'None' }), service({ type: 'NodePort' }), { me: fields, other: fields })
    expect(valueOf(applied.object)).toEqual({ sessionAffinity: 'None', type: 'NodePort' })
    expect(pathsOf(applied.owners.get('other')!)).toEqual([['f:spec', 'f:sessionAffinity']])
  })

  it('takes from the others what it changes', () => {
    const applied = apply(service({ type: 'NodePort' }), service({ type: 'ClusterIP' }), { other: { 'f:spec': { 'f:type': {} } } })
    expect([...applied.owners.keys()]).toEqual(['me'])
  })

  it('says when nothing changes', () => {
    expect(apply(service({ type: 'NodePort' }), service({ type: 'NodePort' }), {}).changed).toBe('no')
  })

  it('owns the whole of what has become atomic', () => {
    const applied = apply(service({ selector: { a: '1' } }), service({ type: 'NodePort' }), { other: { 'f:spec': { 'f:selector': { 'f:a': {} } } } })
    expect(pathsOf(applied.owners.get('other')!)).toEqual([['f:spec', 'f:selector']])
  })

  it('sees every field that a value sets', () => {
    expect(writeFieldSet(toFieldSet(typed(service({ selector: { a: '1' }, ports: [{ port: 80 }], sessionAffinityConfig: {} })), dialect))).toEqual({
      'f:apiVersion': {}, 'f:kind': {}, 'f:spec': { 'f:selector': {}, 'f:ports': { [port]: { '.': {}, 'f:port': {} } }, 'f:sessionAffinityConfig': {} },
    })
  })
})
