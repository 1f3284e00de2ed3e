import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { findVectors } from '../find-vectors.ts'
import { kinds } from './index.ts'

it('every recorded file is of exactly one kind', () => {
  const strays: string[] = []
  for (const found of findVectors(fileURLToPath(new URL('../../vectors', import.meta.url)))) {
    const recognised = found.found === 'file' ? kinds.filter((kind) => kind.recognise(found.file)) : []
    if (recognised.length !== 1) strays.push(found.path)
  }
  // The measured times of Argo CD's code hold no case; objects.json is read by pairs.json.
  expect(strays).toEqual(['argocd/timings.json', 'gojq/objects.json'])
})
