import type { GateResult } from '@rollsync/gate'

/** The outcome for a person: what was decided, by whom, what was done, and how long each took. */
export function gateText(result: GateResult): string {
  return `${[headline(result), decided(result), committed(result), ...(result.reverted?.updaters ?? []).map((one) => `  would write it again: ${one}`), took(result)].filter((line) => line !== '').join('\n')}\n`
}

function headline({ outcome, rollout }: GateResult): string {
  const name = `${rollout.namespace}/${rollout.name}`
  switch (outcome.is) {
    case 'promoted': return `${name} is promoted${outcome.how === 'fully' ? '' : ' by one step'}`
    case 'rolled back': return `${name} is rolled back${outcome.argocd === 'not asked' ? '' : `, and Argo CD is ${outcome.argocd}`}`
    case 'aborted': return `${name} is aborted, and nothing was reverted in Git: ${outcome.why}`
    case 'left alone': return `${name} was left alone: ${outcome.why}`
    case 'not carried out': return `${name}: the decision is not carried out yet; it waits for ${outcome.why}. Run the same command again to go on`
    default: return outcome satisfies never
  }
}

function decided({ decision }: GateResult): string {
  if (decision === undefined) return ''
  return `decided by ${decision.by === 'rollout' ? 'the Rollout' : `the ${decision.by}`} at ${decision.at}: ${decision.verdict}${decision.why === undefined ? '' : ` (${decision.why})`}`
}

function committed({ reverted, release }: GateResult): string {
  if (reverted === undefined) return ''
  const to = release?.to.join(', ') ?? 'the previous image'
  return reverted.how === 'already there' ? `Git named ${to} already` : `commit ${reverted.commit} restores ${to} on ${reverted.branch} of ${reverted.repository}`
}

function took({ took }: GateResult): string {
  const parts = [['decision', took.decision], ['abort', took.abort], ['commit', took.commit], ['done', took.settled]].flatMap(([what, seconds]) => (seconds === undefined ? [] : [`${what} ${seconds} s`]))
  return parts.length === 0 ? '' : `took: ${parts.join(', ')}`
}
