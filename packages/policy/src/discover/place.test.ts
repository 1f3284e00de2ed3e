import { expect, it } from 'vitest'
import { parse } from '@rollsync/manifests'
import { makePlace } from './place.ts'
import type { DeployedObject } from './repository.ts'

const objects = (...names: readonly string[]): readonly DeployedObject[] => {
  const text = names.map((name) => `apiVersion: v1\nkind: ${name.startsWith('config') ? 'ConfigMap' : 'Service'}\nmetadata: {name: ${name}}\n`).join('---\n')
  return parse([{ file: 'a.yaml', text }]).manifests.map((manifest) => ({ object: manifest.value, manifest }))
}

const names = (found: readonly DeployedObject[]): readonly string[] => found.map(({ object }) => object.metadata.name)

it('a place holds each object once, the first of those that are the same', () => {
  const [first, second] = [objects('web', 'api'), objects('api')]
  expect(makePlace([...first, ...second]).objects).toEqual(first)
})

it('objects are found by name in the order in which they stand, and by kind', () => {
  const place = makePlace(objects('web', 'config-a', 'api', 'db'))
  expect(names(place.named(new Set(['db', 'web', 'nowhere'])))).toEqual(['web', 'db'])
  expect(names(place.ofKind('Service'))).toEqual(['web', 'api', 'db'])
  expect(place.ofKind('Ingress')).toEqual([])
})
