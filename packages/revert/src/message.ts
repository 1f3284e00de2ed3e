/** What the commit message says. Texts over several lines are put on one; a trailer never breaks. */
export interface MessageParts {
  readonly images: readonly { readonly from: string; readonly to: string }[]
  readonly rollout?: string
  readonly reason?: string
  readonly requestedBy?: string
  readonly revertsCommit?: string
  readonly signedOffBy?: string
  /** Replaces subject and body: `{from}`, `{to}`, `{rollout}`, `{reason}` are filled in; the trailers stay. */
  readonly template?: string
}

/** The commit message: subject, reason, and trailers by which this revert can be recognised (`git interpret-trailers` reads them). */
export function commitMessage(parts: MessageParts): string {
  const trailers = [
    ...trailer('Rollout', parts.rollout),
    ...parts.images.flatMap(({ from, to }) => [...trailer('Reverted-Image', from), ...trailer('Restored-Image', to)]),
    ...trailer('Reverts-Commit', parts.revertsCommit),
    ...trailer('Reason', parts.reason),
    ...trailer('Requested-By', parts.requestedBy),
    ...trailer('Signed-off-by', parts.signedOffBy),
  ]
  return `${head(parts).trim()}\n\n${trailers.join('\n')}\n`
}

function head(parts: MessageParts): string {
  const [first] = parts.images
  if (first === undefined) return 'Revert'
  if (parts.template !== undefined) {
    const fills = new Map([['from', first.from], ['to', first.to], ['rollout', parts.rollout ?? ''], ['reason', parts.reason ?? '']])
    return parts.template.replace(/\{(\w+)\}/g, (all, key: string) => fills.get(key) ?? all)
  }
  const more = parts.images.length > 1 ? ` and ${parts.images.length - 1} more` : ''
  const subject = `Revert ${parts.rollout === undefined ? '' : `${parts.rollout} `}to ${first.to}${more}`
  return parts.reason === undefined ? subject : `${subject}\n\n${parts.reason.trim()}`
}

function trailer(key: string, value: string | undefined): readonly string[] {
  const line = value?.replaceAll(/\s+/g, ' ').trim() ?? ''
  return line === '' ? [] : [`${key}: ${line}`]
}

/** The trailers of a commit message, in order; only the last paragraph has any. */
export function trailersOf(message: string): readonly (readonly [string, string])[] {
  const last = message.trimEnd().split(/\n\s*\n/).at(-1) ?? ''
  return last.split('\n').flatMap((line) => {
    const match = /^([A-Za-z][A-Za-z0-9-]*): (.*)$/.exec(line)
    return match === null ? [] : [[match[1] ?? '', match[2] ?? ''] as const]
  })
}
