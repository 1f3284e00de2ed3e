import { describe, expect, it } from 'vitest'
import { nextImage, shortImages } from './image-names.ts'

it.each([
  ['registry.example.com:5000/team/app:1.2', 'registry.example.com:5000/team/app:next'],
  ['app', 'app:next'],
  [`app:1@sha256:${'a'.repeat(64)}`, 'app:next'],
])('%s is followed by %s', (image, next) => expect(nextImage(image)).toBe(next))

describe('images in a sentence', () => {
  it('leaves the registry out', () => {
    expect(shortImages('image updated to r.example/team/app:2; pods of r.example/app:1@sha256:ab ready')).toBe('image updated to app:2; pods of app:1@sha256:ab ready')
    expect(shortImages('Argo CD brings image registry.example.com/team/web:next back')).toBe('Argo CD brings image web:next back')
    expect(shortImages('at step 2 of 9 (undone to r.example/team/app:1)')).toBe('at step 2 of 9 (undone to app:1)')
  })

  it('leaves JSON Pointers and names of objects as they are', () => {
    expect(shortImages('Ingress shop/web at /spec/rules/0/http/paths/1, /metadata/annotations/a.b~1c:d')).toBe('Ingress shop/web at /spec/rules/0/http/paths/1, /metadata/annotations/a.b~1c:d')
  })

  it('reads a name without end in no time', () => {
    const name = 'x'.repeat(50_000)
    const { user } = process.cpuUsage()
    expect(shortImages(`image updated to ${name}`)).toBe(`image updated to ${name}`)
    expect(process.cpuUsage().user - user).toBeLessThan(500_000)
  })
})
