import { expect, it } from 'vitest'
import { admit } from './admit.ts'
import { rolloutsProfile } from './profile.ts'

it.each([{}, { spec: null }])('gives a Service without a spec an empty one, as a Go struct is never absent: %j', (rest) => {
  const { profile } = rolloutsProfile('v1.10.2')
  expect(admit({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, ...rest }, profile)['spec']).toEqual({})
})
