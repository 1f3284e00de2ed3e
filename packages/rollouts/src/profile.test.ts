import { describe, expect, it } from 'vitest'
import { rolloutsProfile, rolloutsVersions } from './profile.ts'
import { RolloutsError } from './rollouts-error.ts'

describe('rolloutsProfile', () => {
  it.each(rolloutsVersions)('has a profile of its own for %s', (version) => {
    expect(rolloutsProfile(version)).toMatchObject({ recorded: true, profile: { version } })
    expect(rolloutsProfile(version.slice(1)).profile.version).toBe(version)
  })

  it.each([['1.9.1', 'v1.9.3'], ['v1.10.0-rc1', 'v1.10.2'], ['v1.11.0', 'v1.10.2'], ['v1.5.1', 'v1.6.6'], ['1.8.0', 'v1.8.5']])('lets a recorded version stand in for %s', (version, standsIn) => {
    expect(rolloutsProfile(version)).toMatchObject({ recorded: false, standsIn, profile: { version: standsIn } })
  })

  it('takes a version of two parts for its newest recorded patch', () => {
    expect(rolloutsProfile('v1.9')).toMatchObject({ recorded: true, profile: { version: 'v1.9.3' } })
  })

  it.each(['', 'latest', 'v2.0.0', '1.x', 'v1.10.2.3', '../1.9', 'v1'])('refuses %j', (version) => {
    expect(() => rolloutsProfile(version)).toThrow(RolloutsError)
  })
})
