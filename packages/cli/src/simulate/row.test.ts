import { expect, it } from 'vitest'
import { shortImages } from './row.ts'

it('leaves the registry out of an image in a sentence', () => {
  expect(shortImages('image updated to r.example/team/app:2; pods of r.example/app:1@sha256:ab ready')).toBe('image updated to app:2; pods of app:1@sha256:ab ready')
})

it('reads a name without end in no time', () => {
  const name = 'x'.repeat(50_000)
  const { user } = process.cpuUsage()
  expect(shortImages(`image updated to ${name}`)).toBe(`image updated to ${name}`)
  expect(process.cpuUsage().user - user).toBeLessThan(500_000)
})
