import { describe, expect, it } from 'vitest'
import { parseImage, readImage, sameImage } from './image-reference.ts'

const sha = 'a'.repeat(64)

describe('parseImage', () => {
  it.each([
    ['nginx', { domain: 'docker.io', path: 'library/nginx', name: 'nginx' }],
    ['nginx:1.27', { path: 'library/nginx', tag: '1.27' }],
    ['docker.io/nginx', { domain: 'docker.io', path: 'library/nginx' }],
    ['index.docker.io/a/b', { domain: 'docker.io', path: 'a/b' }],
    ['a/b/c', { domain: 'docker.io', path: 'a/b/c' }],
    ['localhost/app', { domain: 'localhost', path: 'app' }],
    ['localhost:5000/app:x', { domain: 'localhost:5000', path: 'app', tag: 'x' }],
    ['Registry/app', { domain: 'Registry', path: 'app' }],
    ['[::1]:5000/app:1@sha256:' + sha, { domain: '[::1]:5000', path: 'app', tag: '1', digest: `sha256:${sha}` }],
    ['[2001:db8::1]/app', { domain: '[2001:db8::1]', path: 'app' }],
    ['123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/app:2024-01-01_abc', { domain: '123456789012.dkr.ecr.eu-central-1.amazonaws.com', path: 'team/app', tag: '2024-01-01_abc' }],
    ['app@sha512:' + 'b'.repeat(128), { digest: `sha512:${'b'.repeat(128)}` }],
    ['a/b__c-d.e--f', { path: 'a/b__c-d.e--f' }],
  ])('reads %s', (text, parts) => {
    expect(parseImage(text)).toMatchObject({ text, ...parts })
  })

  it.each(['', ':1', 'App:1', 'a//b', 'a/b:', 'a:b c', 'a@sha256:abc', `a@sha256:${sha.toUpperCase()}`, `a@md5:${'a'.repeat(32)}`, sha, '-a', 'a/-b', 'a___b', 'a:' + 'x'.repeat(129), 'http://a/b', 'a b', '{{ x }}', 'x'.repeat(256), 'a_b.com:80/x'])('refuses %s', (text) => {
    expect(readImage(text)).toBeUndefined()
  })
})

describe('sameImage', () => {
  it('compares full names, the default tag and digests', () => {
    const same = (a: string, b: string): boolean => sameImage(parseImage(a), parseImage(b))
    expect(same('nginx', 'docker.io/library/nginx:latest')).toBe(true)
    expect(same('nginx:1', 'nginx:2')).toBe(false)
    expect(same(`a:1@sha256:${sha}`, `a:2@sha256:${sha}`)).toBe(true)
    expect(same('a:1', `a:1@sha256:${sha}`)).toBe(false)
    expect(same('r.io/a:1', 'q.io/a:1')).toBe(false)
  })
})
