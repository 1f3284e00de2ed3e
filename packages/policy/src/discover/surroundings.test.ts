import { expect, it } from 'vitest'
import { parse } from '@rollsync/manifests'
import type { DeployedObject } from './repository.ts'
import { surroundings } from './surroundings.ts'

const objects = (...names: readonly string[]): readonly DeployedObject[] => {
  const text = names.map((name) => `apiVersion: v1\nkind: ${name.startsWith('config') ? 'ConfigMap' : 'Service'}\nmetadata: {name: ${name}}\n`).join('---\n')
  return parse([{ file: 'a.yaml', text }]).manifests.map((manifest) => ({ object: manifest.value, manifest }))
}

const names = (found: readonly DeployedObject[]): readonly string[] => found.map(({ object }) => object.metadata.name)

it('objects are found by name and by kind, in the order in which they stand', () => {
  const around = surroundings(objects('web', 'config-a', 'api', 'db'))
  expect(names(around.named(new Set(['db', 'web', 'nowhere'])))).toEqual(['web', 'db'])
  expect(names(around.ofKind('Service'))).toEqual(['web', 'api', 'db'])
  expect(around.ofKind('Ingress')).toEqual([])
  const [web, , api] = around.objects
  if (web === undefined || api === undefined) throw new Error('they are there')
  expect(names(around.inOrder([api, web, api]))).toEqual(['web', 'api'])
})
