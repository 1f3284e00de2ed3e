/** Why a revert was not done. Nothing was written where a plan fails; `landed-unsure` alone means that the commit may or may not be on the branch. */
export type RevertErrorCode =
  | 'ambiguous' // several places name the image; `candidates` lists them
  | 'auth'
  | 'bad-image'
  | 'bad-live-state'
  | 'branch-missing'
  | 'hook-declined'
  | 'image-moved' // Git names neither the image to revert nor the one to restore
  | 'landed-unsure' // the connection broke while the push was under way
  | 'lost-race' // other writers were faster, ten times
  | 'network'
  | 'no-previous' // the history shows no other image
  | 'no-site'
  | 'no-stable' // the live Rollout has no stable ReplicaSet
  | 'not-editable'
  | 'not-found'
  | 'protected-branch'
  | 'refused' // the remote refused for a reason of its own
  | 'server-error'
  | 'unknown-site'
  | 'unsupported-repository'

/** A place that could have been meant. */
export interface Candidate {
  readonly id: string
  readonly what: string
  readonly image: string
}

export interface RevertErrorOptions {
  readonly hint?: string
  readonly cause?: unknown
  readonly candidates?: readonly Candidate[]
  /** Texts that must not appear in any message: passwords and tokens. */
  readonly secrets?: readonly string[]
}

/** What a caller or the environment did wrongly. Secrets are taken out of the message, the hint and the cause. */
export class RevertError extends Error {
  readonly code: RevertErrorCode
  readonly hint: string | undefined
  readonly candidates: readonly Candidate[]

  constructor(code: RevertErrorCode, message: string, options: RevertErrorOptions = {}) {
    const clean = (text: string): string => redact(text, options.secrets)
    super(clean(message), options.cause === undefined ? {} : { cause: redactedCause(options.cause, clean) })
    this.name = 'RevertError'
    this.code = code
    this.hint = options.hint === undefined ? undefined : clean(options.hint)
    this.candidates = options.candidates ?? []
  }
}

// Tokens that their makers marked: GitHub, GitLab, Bitbucket, npm, Slack, AWS, and anything after an authorization scheme.
const marked = /\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|gl[a-z]{2,6}-[\w-]{16,}|ATBB\w{16,}|npm_[A-Za-z0-9]{16,}|xox[a-z]-[\w-]{10,}|A(?:K|S)IA[A-Z0-9]{16})\b|\b(?:[Bb]earer|[Bb]asic|[Tt]oken)\s+[\w+/=.~-]{8,}/g

// A query parameter of a URL whose name says that it is secret.
const secretParameter = /([?&][\w.-]*(?:token|secret|passw|pwd|key|auth|sig)[\w.-]*=)[^&\s#'"]+/gi

/** A text without passwords: the userinfo of URLs, their secret parameters, tokens known by their look, and the secrets given. */
export function redact(text: string, secrets: readonly string[] = []): string {
  const named = secrets.filter((one) => one.length > 3).toSorted((a, b) => b.length - a.length)
  const spelled = named.flatMap((one) => [one, encodeURIComponent(one), btoa(unescapedLatin(one))])
  const plain = spelled.reduce((rest, one) => rest.replaceAll(one, '***'), text)
  return plain.replace(/([a-z][a-z0-9+.-]*:\/\/)[^/\s@]*@/gi, '$1***@').replace(secretParameter, '$1***').replace(marked, '***')
}

function unescapedLatin(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('')
}

function redactedCause(cause: unknown, clean: (text: string) => string): unknown {
  if (cause instanceof RevertError) return cause
  if (cause instanceof Error) return Object.assign(new Error(clean(cause.message)), { name: cause.name, stack: undefined })
  return clean(String(cause))
}
