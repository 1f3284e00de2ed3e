import type { Proposed, RevertResult, Settled } from '@rollsync/revert'
import type { ComparedAfter } from './compare-after.ts'

/** The outcome for a person: what was done, the diff, what became of the checkout, and what Argo CD will say. */
export function revertText(result: RevertResult, settled: Settled | undefined, after: readonly ComparedAfter[], mode: 'dry run' | 'done'): string {
  return [headline(result, mode), result.diff, landing(result, settled), ...pullRequestText(result), ...after.map(afterText), ...updatersText(result), ...skippedText(result)].filter((part) => part !== '').join('\n')
}

function headline({ state, from, to, sites }: RevertResult, mode: 'dry run' | 'done'): string {
  if (state === 'already there') return `Git already names ${to}; nothing was committed\n`
  const places = sites.map((site) => `  ${site.file}:${site.line}  ${site.what}`).join('\n')
  return `${mode === 'dry run' ? 'would revert' : 'reverted'} ${from}\n${mode === 'dry run' ? '          to' : '      to'} ${to}\n${places}\n`
}

function landing({ state, commit, landedOn, onto }: RevertResult, settled: Settled | undefined): string {
  if (state !== 'reverted' || commit === undefined) return ''
  const where = landedOn === undefined ? '' : ` on ${landedOn.branch} of ${landedOn.repository}`
  const checkout = settled === undefined ? '' : settled.checkout === 'updated' ? '; this checkout has it too' : `; this checkout was left alone: ${settled.why}`
  const between = onto === undefined ? '' : `commit ${onto} came in between: what it says in other files was not looked at; with --dry-run the same command shows what Git names now\n`
  return `commit ${commit}${where}${checkout}\n${between}`
}

function afterText({ rollout, argocd, answer }: ComparedAfter): string {
  return `after an undo in the cluster, Rollout ${rollout} compares ${answer} (Argo CD ${argocd})\n`
}

function pullRequestText(result: RevertResult | Proposed): readonly string[] {
  const request = 'pullRequest' in result ? result.pullRequest : undefined
  return request === undefined ? [] : [`${request.state === 'opened' ? 'opened' : 'already open'}: ${request.url}\n`]
}

/** What would write the bad image again. rollsync never runs these commands. */
function updatersText({ updaters }: RevertResult): readonly string[] {
  if (updaters.length === 0) return []
  const lines = updaters.map((one) => `  ${one.updater}, ${one.file}:${one.line}: ${one.what}${one.sure === 'maybe' ? ' (it may leave this image alone)' : ''}\n    stop it: ${one.stop}`)
  return [`what may undo this revert:\n${lines.join('\n')}\n`]
}

function skippedText({ skipped }: RevertResult): readonly string[] {
  return skipped.length === 0 ? [] : [`not touched:\n${skipped.map((one) => `  ${one.file}: ${one.why}`).join('\n')}\n`]
}
