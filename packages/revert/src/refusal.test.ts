import { describe, expect, it } from 'vitest'
import { isLostRace, refusalError } from './refusal.ts'
import { redact, RevertError } from './revert-error.ts'

describe('what a server says when it refuses', () => {
  it.each([
    'non-fast-forward', 'fetch first', 'stale info', "cannot lock ref 'refs/heads/main': is at 1111 but expected 2222", 'incorrect old value provided', 'failed to update ref', 'reference already exists',
    'remote rejected (failed to lock)', 'Expected branch to point to "abc" but it did not',
  ])('%s: another writer was first', (text) => {
    expect(isLostRace(text)).toBe(true)
  })

  it.each([
    ['pre-receive hook declined', 'hook-declined'],
    ['GH006: Protected branch update failed for refs/heads/main.', 'protected-branch'],
    ['protected branch hook declined', 'protected-branch'],
    ['shallow update not allowed', 'unsupported-repository'],
    ['ERROR: Permission to a/b.git denied to c.', 'auth'],
    ['fatal: could not read Username for https://x: terminal prompts disabled', 'auth'],
    ['ERROR: Repository not found.', 'not-found'],
    ['ssh: Could not resolve hostname x: Name or service not known; could not resolve host', 'network'],
    ['the moon is full', 'refused'],
  ])('%s: %s', (text, code) => {
    expect(isLostRace(text)).toBe(false)
    expect(refusalError(text, 'origin').code).toBe(code)
  })
})

describe('secrets', () => {
  it('never reach a message, in any spelling', () => {
    const secret = 'p@ss/w0rd'
    const error = new RevertError('auth', `https://me:${secret}@h/x said ${secret} ${encodeURIComponent(secret)} ${btoa(secret)}`, { secrets: [secret], hint: `not ${secret}`, cause: new Error(`inner ${secret}`) })
    expect(JSON.stringify([error.message, error.hint, (error.cause as Error).message, error.stack])).not.toMatch(/p@ss|p%40ss|cEBzcy/)
  })

  it('are known by their looks', () => {
    expect(redact('ghp_0123456789abcdefABCD glpat-abcdefgh12345678 Authorization: Bearer abc.def-123456 http://u:p@h/')).toBe('*** *** Authorization: *** http://***@h/')
    expect(redact('http://h/x?private_token=abc&ref=main and ?sig=1%2F2#x')).toBe('http://h/x?private_token=***&ref=main and ?sig=***#x')
    expect(redact('https://github.com/a/b basic facts, bearer of news')).toBe('https://github.com/a/b basic facts, bearer of news')
  })
})
