import { generateKeyPairSync, verify } from 'node:crypto'
import { expect, it } from 'vitest'
import type { Http } from '../effects.ts'
import type { RevertError } from '../revert-error.ts'
import { githubAppToken } from './github-app.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs1', format: 'pem' } })
const now = (): Date => new Date('2026-01-01T00:00:00Z')

it('signs in as the App, finds its installation, and asks for as little as it needs', async () => {
  const seen: { url: string; token: string; body: unknown }[] = []
  const http: Http = async ({ url, headers, body }) => {
    seen.push({ url, token: (headers['authorization'] ?? '').replace('Bearer ', ''), body: body === undefined ? undefined : JSON.parse(Buffer.from(body).toString()) })
    return { status: url.endsWith('/installation') ? 200 : 201, url, headers: {}, body: Buffer.from(JSON.stringify(url.endsWith('/installation') ? { id: 42 } : { token: 'ghs_x' })) }
  }
  expect(await githubAppToken({ appId: '7', privateKey }, 'https://github.com/team/gitops.git', { http, now })).toBe('ghs_x')
  expect(seen.map((one) => one.url)).toEqual(['https://api.github.com/repos/team/gitops/installation', 'https://api.github.com/app/installations/42/access_tokens'])
  expect(seen[1]?.body).toEqual({ repositories: ['gitops'], permissions: { contents: 'write', pull_requests: 'write' } })
  const [head = '', payload = '', signature = ''] = (seen[0]?.token ?? '').split('.')
  expect(verify('RSA-SHA256', Buffer.from(`${head}.${payload}`), publicKey, Buffer.from(signature, 'base64url'))).toBe(true)
  expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toEqual({ iat: 1767225540, exp: 1767226140, iss: '7' })
})

it('says when the key is none', async () => {
  const http: Http = async ({ url }) => ({ status: 500, url, headers: {}, body: Buffer.from('') })
  expect(await githubAppToken({ appId: '7', privateKey: 'no key' }, 'https://github.com/a/b', { http, now }).catch((error: unknown) => (error as RevertError).code)).toBe('auth')
})
