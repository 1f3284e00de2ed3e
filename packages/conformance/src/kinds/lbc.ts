import { admission, type LbcCluster, lbcProfile, type ListenerAction, type ListenerRules, listenerRules } from '@rollsync/lbc'
import { jsonEqual } from '@rollsync/manifests'
import type { Outcome, VectorCase, VectorFile, VectorKind } from '../vector.ts'

interface LbcFile {
  readonly format: string
  readonly group: string
  readonly versions: readonly string[]
  readonly cases: readonly RecordedCase[]
}

interface RecordedCase extends LbcCluster {
  readonly name: string
  readonly ingressGroup: string
  readonly results: readonly RecordedResult[]
  readonly admission?: readonly { readonly versions: readonly string[]; readonly ingress: string; readonly error?: string; readonly panic?: string }[]
}

interface RecordedResult {
  readonly versions: readonly string[]
  readonly members?: readonly string[]
  readonly listeners?: unknown
  readonly stage?: string
  readonly error?: string
  readonly errorOneOf?: readonly string[]
  readonly panic?: string
}

/** Listener rules of the AWS Load Balancer Controller: one case per recorded cluster and version. */
export const lbc: VectorKind = {
  kind: 'lbc',
  recognise: (file) => (file.json as { format?: unknown } | null)?.format === 'lbc-rules/1',
  cases: function* (file: VectorFile): Iterable<VectorCase> {
    const { group, versions, cases } = file.json as LbcFile
    for (const recorded of cases) {
      for (const version of versions) yield { group, version, name: recorded.name, run: () => judge(recorded, version) }
    }
  },
}

function judge(recorded: RecordedCase, version: string): Outcome {
  const chosen = lbcProfile(version)
  if (!chosen.recorded) return { outcome: 'skipped', reason: `${chosen.because}, so there is no profile to hold to it` }
  const rules = listenerRules(recorded, recorded.ingressGroup, chosen.profile)
  const verdicts = recorded.ingresses.map((ingress) => ({ ingress, verdict: admission(ingress, recorded, chosen.profile) }))
  const expected = recorded.results.find((result) => result.versions.includes(version))
  if (expected === undefined) return { outcome: 'failed', difference: `no result is recorded for ${version}` }
  const differences = compareRules(expected, rules)
  for (const { ingress, verdict } of verdicts) {
    const key = `${ingress.metadata.namespace ?? 'default'}/${ingress.metadata.name}`
    const refusal = recorded.admission?.find((one) => one.ingress === key && one.versions.includes(version))
    const wanted = refusal === undefined ? { verdict: 'admitted' }
      : refusal.panic === undefined ? { verdict: 'refused', error: refusal.error } : { verdict: 'panics', panic: refusal.panic }
    if (!jsonEqual(wanted, verdict)) differences.push(`admission of ${key}: recorded ${JSON.stringify(wanted)}, ours ${JSON.stringify(verdict)}`)
  }
  return differences.length === 0 ? { outcome: 'passed' } : { outcome: 'failed', difference: differences.join('\n') }
}

function compareRules(expected: RecordedResult, rules: ListenerRules): string[] {
  const ours = asRecorded(rules)
  const wanted = { members: expected.members, listeners: expected.listeners, stage: expected.stage, panic: expected.panic }
  const same = jsonEqual(wanted, { members: ours.members, listeners: ours.listeners, stage: ours.stage, panic: undefined })
  const texts = expected.errorOneOf ?? (expected.error === undefined ? [] : [expected.error])
  // Of an error that the order of a Go map decides, not every text need have been seen; what was seen must be among ours.
  const sameErrors = expected.errorOneOf === undefined ? jsonEqual(texts, ours.errors) : texts.every((text) => ours.errors.includes(text)) && ours.errors.length > 1
  return same && sameErrors ? [] : [`recorded ${JSON.stringify({ ...wanted, errors: texts })}\nours     ${JSON.stringify(ours)}`]
}

interface AsRecorded {
  readonly members: readonly string[] | undefined
  readonly listeners?: unknown
  readonly stage?: string
  readonly errors: readonly string[]
}

function asRecorded(rules: ListenerRules): AsRecorded {
  switch (rules.answer) {
    case 'load-balancer':
      return {
        members: rules.members,
        errors: [],
        listeners: rules.listeners.map((listener) => ({
          ...listener,
          defaultActions: listener.defaultActions.map(resolved),
          // Which path made a rule is ours to tell; it is not recorded.
          rules: listener.rules.map((rule) => ({ ...rule, from: undefined, actions: rule.actions.map(resolved) })),
        })),
      }
    case 'failed': return { members: rules.members, stage: rules.stage, errors: rules.errorOneOf ?? [rules.error] }
    case 'unverified': return { members: undefined, stage: 'unverified', errors: [rules.because] }
    default: return rules satisfies never
  }
}

/** In the recording AWS answers the name of a target group with `arn-of-name:<name>`. */
function resolved(action: ListenerAction): unknown {
  if (action.type !== 'forward') return action
  const targetGroups = action.forwardConfig.targetGroups.map((target) => {
    if (!('targetGroupName' in target)) return target
    const { targetGroupName, ...rest } = target
    return { targetGroupARN: `arn-of-name:${targetGroupName}`, ...rest }
  })
  return { ...action, forwardConfig: { ...action.forwardConfig, targetGroups } }
}
