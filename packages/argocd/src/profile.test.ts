import { expect, it } from 'vitest'
import { argocdProfile, argocdVersions } from './profile.ts'

it('knows the recorded versions, newest first', () => {
  expect(argocdVersions).toEqual(['3.6-dev', '3.5.1', '3.4.7', '3.4.4', '3.3.14', '3.3.12', '2.14.21', '2.10.20'])
  for (const version of argocdVersions) expect(argocdProfile(version)).toMatchObject({ recorded: true, profile: { version } })
})

it.each([
  ['v3.5.1', '3.5.1', true], ['3.5', '3.5.1', true], ['3.4', '3.4.7', true], ['2.14', '2.14.21', true], ['3.6', '3.6', false], ['3.6-dev', '3.6-dev', true], ['3.5.7', '3.5.7', false], ['3.4.2', '3.4.2', false], ['2.11.3', '2.11.3', false],
])('%s is answered as %s (recorded: %s)', (version, as, recorded) => {
  expect(argocdProfile(version)).toMatchObject({ recorded, profile: { version: as } })
})

it('puts the restoring of untouched fields where it came in', () => {
  const restores = (version: string): string | undefined => argocdProfile(version)?.profile.respectIgnoreRestores
  expect(['3.3.12', '3.3.13', '3.4.4', '3.4.5', '3.5.0'].map(restores)).toEqual(['no', 'yes', 'no', 'yes', 'yes'])
})

it.each(['1.8', '2.9.1', '3.2.0', '3.7.0', '4.0', 'latest', '', 'v'])('has nothing for %j', (version) => {
  expect(argocdProfile(version)).toBeUndefined()
})
