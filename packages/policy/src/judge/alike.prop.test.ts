import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alike, replaceNames } from './alike.ts'

const word = fc.stringMatching(/^[a-z][a-z0-9]{2,9}(-[a-z0-9]{1,6})?$/)
const names = fc.uniqueArray(word, { minLength: 1, maxLength: 4 })

/** A value in which names stand alone, within other texts, and as keys. */
const holding = (list: readonly string[]): unknown => ({
  metadata: { name: list[0], annotations: Object.fromEntries(list.map((name) => [`example.com/actions.${name}`, `{"to":"${name}"}`])) },
  spec: { all: list.map((name) => ({ service: `${name}-root`, host: `${name}.example.com`, ref: `x/${name}:1` })), replicas: 3 },
})

/** Values, and the keys that people name. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [...(key.includes('/') ? [key] : []), ...textsIn(inner)])
}

describe('a name in a text', () => {
  const piece = fc.constantFrom('ab', 'ab-c', 'c-ab', 'b-ab', '-', '.', 'x', '9', 'A', ' ', 'cab', 'ab-')

  it('is replaced where it stands alone, as a regular expression would do it', () => {
    fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), fc.subarray(['ab-c', 'c-ab', 'b-ab', 'x-9']), (pieces, list) => {
      const text = pieces.join('')
      const pattern = new RegExp(`(?<![a-z0-9])(?:${list.join('|')})(?![a-z0-9])`, 'g')
      expect(replaceNames(text, list, (name) => `<${name}>`)).toBe(list.length === 0 ? text : text.replace(pattern, (name) => `<${name}>`))
    }), { numRuns: 1000 })
  })
})

describe('the canonical form', () => {
  it('gives the value back under its own names', () => {
    fc.assert(fc.property(names, (list) => {
      const form = alike(holding(list), list)
      const canonical = form.canonical()
      if (canonical !== undefined) expect(form.renamed(canonical.names)(canonical.value)).toEqual(holding(list))
    }))
  })

  it('keeps the length and the order of every text, and which are the same', () => {
    fc.assert(fc.property(names, (list) => {
      const canonical = alike(holding(list), list).canonical()
      if (canonical === undefined) return
      const [own, made] = [textsIn(holding(list)), textsIn(canonical.value)]
      expect(made.map((text) => text.length)).toEqual(own.map((text) => text.length))
      const ranks = (texts: readonly string[]): readonly number[] => texts.map((text) => [...texts].sort().indexOf(text))
      expect(ranks(made)).toEqual(ranks(own))
    }))
  })

  it('of two values with the same key leads from the one to the other', () => {
    fc.assert(fc.property(names, names, (one, other) => {
      const [form, second] = [alike(holding(one), one), alike(holding(other), other)]
      const canonical = form.canonical()
      if (form.key !== second.key || canonical === undefined) return
      expect(second.renamed(canonical.names)(canonical.value)).toEqual(holding(other))
    }), { numRuns: 300 })
  })

  it('finds values equal that differ in names of the same length and order', () => {
    expect(alike(holding(['service-0001', 'team-a']), ['service-0001', 'team-a']).key).toBe(alike(holding(['service-0042', 'team-b']), ['service-0042', 'team-b']).key)
    expect(alike(holding(['service-0001']), ['service-0001']).key).not.toBe(alike(holding(['service-1']), ['service-1']).key)
  })

  it.each(['networking', 'batch', 'example', 'legacy'])('leaves %s as it is where it is part of a type, a domain or a mode', (name) => {
    const value = { mode: 'legacy', objects: [{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' }, { apiVersion: 'batch/v1', kind: 'Job' }], annotations: { 'example.com/a': name }, namespace: name }
    expect(alike(value, [name]).canonical()).toEqual({ value, names: [] })
  })

  it.each(['replicas', 'service', 'default', 'web', 'a"b-c', '__proto__'])('leaves %s as it is', (name) => {
    const form = alike(holding([name]), [name])
    expect(form.canonical()?.names).toEqual([])
    expect(form.canonical()?.value).toEqual(holding([name]))
  })
})
