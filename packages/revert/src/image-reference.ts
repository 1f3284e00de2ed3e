import { RevertError } from './revert-error.ts'

/** An image reference as distribution/reference v0.6 reads it. `domain` and `path` are the full names (`docker.io`, `library/nginx`), `name` is what was written. */
export interface ImageReference {
  readonly text: string
  readonly name: string
  readonly domain: string
  readonly path: string
  readonly tag?: string
  readonly digest?: string
}

const component = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])'
const domain = `(?:${component}(?:\\.${component})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`
const pathPart = '[a-z0-9]+(?:(?:[._]|__|[-]+)[a-z0-9]+)*'
const tagPattern = /^\w[\w.-]{0,127}$/
const digestPattern = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/
const domainPattern = new RegExp(`^${domain}$`)
const pathPattern = new RegExp(`^${pathPart}(?:/${pathPart})*$`)
const digestSizes: ReadonlyMap<string, number> = new Map([['sha256', 64], ['sha384', 96], ['sha512', 128]])

/** Reads an image reference, or throws a RevertError `bad-image` that says which part is wrong. */
export function parseImage(text: string): ImageReference {
  const read = readParts(text)
  if (typeof read === 'string') throw new RevertError('bad-image', `"${text}" is no image reference: ${read}`, { hint: 'for example registry.example.com/team/app:1.4.2' })
  return read
}

/** Reads an image reference, or undefined where the text is none. */
export function readImage(text: string): ImageReference | undefined {
  const read = readParts(text)
  return typeof read === 'string' ? undefined : read
}

function readParts(text: string): ImageReference | string {
  if (/^[0-9a-f]{64}$/.test(text)) return 'a bare image id names no repository' // normalize.go: anchoredIdentifierRegexp
  const at = text.indexOf('@')
  const named = at < 0 ? text : text.slice(0, at)
  const digest = at < 0 ? undefined : text.slice(at + 1)
  const colon = named.lastIndexOf(':')
  const tagged = colon > named.lastIndexOf('/') && !named.endsWith(']')
  const name = tagged ? named.slice(0, colon) : named
  const tag = tagged ? named.slice(colon + 1) : undefined
  const split = splitDomain(name)
  const fault = faultIn(split, tag, digest)
  if (fault !== undefined) return fault
  return { text, name, ...split, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) }
}

function faultIn(split: { readonly domain: string; readonly path: string }, tag: string | undefined, digest: string | undefined): string | undefined {
  if (split.path === '') return 'the repository is missing'
  if (!domainPattern.test(split.domain)) return 'the registry is not well formed'
  if (split.path.toLowerCase() !== split.path) return 'the repository must be lowercase'
  if (!pathPattern.test(split.path)) return 'the repository is not well formed'
  if (split.path.length > 255) return 'the repository is longer than 255 characters'
  if (tag !== undefined && !tagPattern.test(tag)) return 'the tag is not well formed'
  if (digest === undefined) return undefined
  if (!digestPattern.test(digest)) return 'the digest is not well formed'
  const [algorithm = '', hex = ''] = digest.split(':')
  const size = digestSizes.get(algorithm)
  if (size === undefined) return `the digest algorithm ${algorithm} is not supported`
  return hex.length === size && hex === hex.toLowerCase() ? undefined : `a ${algorithm} digest has ${size} lowercase hexadecimal digits`
}

// normalize.go: splitDockerDomain
function splitDomain(name: string): { readonly domain: string; readonly path: string } {
  const slash = name.indexOf('/')
  const first = slash < 0 ? '' : name.slice(0, slash)
  const isDomain = slash >= 0 && (/[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first)
  const host = isDomain ? first : 'docker.io'
  const path = isDomain ? name.slice(slash + 1) : name
  const canonical = host === 'index.docker.io' ? 'docker.io' : host
  return { domain: canonical, path: canonical === 'docker.io' && path !== '' && !path.includes('/') ? `library/${path}` : path }
}

/** Whether two references name the same repository, whatever tag or digest. */
export function sameRepository(a: ImageReference, b: ImageReference): boolean {
  return a.domain === b.domain && a.path === b.path
}

/** Whether two references name the same image. No tag and no digest is `latest`; where both have a digest the digest alone decides. */
export function sameImage(a: ImageReference, b: ImageReference): boolean {
  if (!sameRepository(a, b)) return false
  if (a.digest !== undefined && b.digest !== undefined) return a.digest === b.digest
  return a.digest === b.digest && (a.tag ?? 'latest') === (b.tag ?? 'latest')
}

/** The parts put together again: `name[:tag][@digest]`. */
export function formatImage(parts: { readonly name: string; readonly tag?: string | undefined; readonly digest?: string | undefined }): string {
  return `${parts.name}${parts.tag === undefined ? '' : `:${parts.tag}`}${parts.digest === undefined ? '' : `@${parts.digest}`}`
}
