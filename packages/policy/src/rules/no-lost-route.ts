import { type CounterExample, momentsText, moveText } from '@rollsync/ignore'
import { refKey, type ResourceRef } from '@rollsync/manifests'
import { group } from '../group.ts'
import type { JudgedCanary } from '../judged-canary.ts'
import { listed } from '../listed.ts'
import { defineRule, type Rule } from '../rule.ts'
import { ignoreSpot, spotAt } from '../spots.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'no-lost-route',
    severity: 'error',
    recommended: true,
    summary: 'A sync during the canary keeps what the Rollouts controller wrote, and lands what Git changed',
    messages: {
      reverts: '{what} at {moments}{change}, and the controller does not put it back (Argo CD {argocd}{options})',
      restored: '{what} at {moments}, until the next reconcile of the controller (Argo CD {argocd}{options})',
      outage: '{what}, at {moments}{change} (Argo CD {argocd}{options})',
      freezes: '{what} at {moments}{change} (Argo CD {argocd}{options})',
      unknown: '{what} at {moments}{change} (Argo CD {argocd}{options})',
    },
    hint: 'keep the managed route in Git: `rollsync generate --anchor --write`',
    threads: ['argoproj/argo-rollouts#4486', 'argoproj/argo-cd#17694', 'argoproj/argo-cd#25284'],
  },
  check({ canaries, report }) {
    for (const canary of canaries) {
      for (const harm of harmsOf(canary.verdict('sync-safe')?.counterExamples ?? [])) {
        report(harm.restored === 'yes' ? 'restored' : harm.verdict, spotAt(ignoreSpot(canary), canary, harm.moments), {
          what: harm.what,
          moments: momentsText(harm.moments),
          change: harm.changes.length === 0 ? '' : ` if Git changes ${listed(harm.changes)} of it`,
          argocd: canary.argocd,
          options: canary.syncOptions.length === 0 ? '' : `, ${canary.syncOptions.join(', ')}`,
        }, hintFor(harm, canary.syncOptions) ?? unanchoredHint(harm, canary))
      }
    }
  },
})

export default rule

/** An option that does the harm is named; everything else asks for the anchor. */
function hintFor({ verdict, restored }: Harm, options: readonly string[]): string | undefined {
  if (restored === 'yes') return 'with the sync option ApplyOutOfSyncOnly=true a sync leaves the object alone while it compares Synced'
  if (verdict === 'freezes' && options.includes('RespectIgnoreDifferences=true')) return moveText('RespectIgnoreDifferences=true')
  return verdict === 'outage' && options.includes('Replace=true') ? moveText('Replace=true') : undefined
}

/** Where a route has no anchor the general hint would lead in a circle. */
function unanchoredHint({ resource }: Harm, canary: JudgedCanary): string | undefined {
  const found = canary.anchors().flatMap(({ anchors }) => anchors)
  const whys = found.flatMap((one) => ('why' in one && refKey(one.ingress) === refKey(resource) ? [`route ${one.route} cannot be kept in Git as it is: ${one.why}`] : []))
  return whys.length === 0 ? undefined : whys.join('; ')
}

interface Harm {
  readonly verdict: 'reverts' | 'outage' | 'freezes' | 'unknown'
  readonly what: string
  readonly resource: ResourceRef
  /** The controller's next reconcile mends it. */
  readonly restored: 'yes' | 'no'
  readonly moments: readonly string[]
  /** What must be changed in Git for it; empty where any sync does it. */
  readonly changes: readonly string[]
}

/** One harm for each object and verdict: a plain sync that does it says more than all changes in Git that do it too. */
function harmsOf(examples: readonly CounterExample[]): readonly Harm[] {
  // What no option and no anchor can keep, and the controller mends: not where it takes a change of the object itself.
  const counted = examples.filter((example) => example.restored === undefined || example.gitChange === undefined)
  return [...group(counted, (one) => `${one.verdict} ${one.restored ?? ''} ${refKey(one.resource)}`).values()].map((same) => {
    const plain = same.filter((one) => one.gitChange === undefined)
    const told = plain.length > 0 ? plain : same
    const [first] = told
    const resource = first?.resource ?? { group: '', kind: '', namespace: '', name: '' }
    const verdict = first?.verdict === undefined || first.verdict === 'misrouted' ? 'unknown' : first.verdict
    const changes = plain.length > 0 ? [] : [...new Set(same.flatMap((one) => one.gitChange ?? []))]
    return { verdict, resource, restored: first?.restored === undefined ? 'no' : 'yes', what: first?.what ?? '', moments: [...new Set(told.flatMap((one) => one.moments))], changes }
  })
}
