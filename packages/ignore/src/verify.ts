import { lbcProfile, type LbcProfile, lbcVersions } from '@rollsync/lbc'
import { type KubeObject, refKey } from '@rollsync/manifests'
import { type CanaryCase, pairsOf } from './canary-case.ts'
import type { Judge } from './judge.ts'
import { covering } from './laws/covering.ts'
import { minimal } from './laws/minimal.ts'
import { reachable } from './laws/reachable.ts'
import { symmetric } from './laws/symmetric.ts'
import { syncSafe } from './laws/sync-safe.ts'
import { tight } from './laws/tight.ts'
import { ownedFields } from './owned-fields.ts'
import type { AlbSettings } from './routes.ts'
import type { Law, Verdict } from './verdict.ts'

export interface VerifySettings {
  readonly alb: AlbSettings | undefined
  /** All six by default. */
  readonly laws?: readonly Law[]
  /** The AWS Load Balancer Controller to judge by; the newest recorded one by default. */
  readonly lbc?: LbcProfile
  /** What Git holds beside the canary's own objects and what the load balancer may depend on: other Ingresses, Services, IngressClasses, IngressClassParams, Namespaces. */
  readonly around?: readonly KubeObject[]
}

/** Judges rules and sync options by the laws asked for, each over every distinct object that the states hold. `reachable` is judged where the canary's own Application holds its Ingress. */
export async function verify(canary: CanaryCase, judge: Judge, settings: VerifySettings): Promise<readonly Verdict[]> {
  const pairs = pairsOf(canary)
  const verdicts: Verdict[] = []
  for (const law of settings.laws ?? provenLaws) {
    const verdict = await judged(law, canary, pairs, judge, settings)
    if (verdict !== undefined) verdicts.push(verdict)
  }
  return verdicts
}

export const provenLaws: readonly Law[] = ['covering', 'tight', 'symmetric', 'minimal', 'sync-safe', 'reachable']

async function judged(law: Law, canary: CanaryCase, pairs: ReturnType<typeof pairsOf>, judge: Judge, settings: VerifySettings): Promise<Verdict | undefined> {
  const { alb } = settings
  switch (law) {
    case 'covering': return covering(pairs, judge)
    case 'tight': return tight(pairs, judge, ownedFields(canary))
    case 'symmetric': return symmetric(pairs, judge)
    case 'minimal': return minimal(pairs, judge)
    case 'sync-safe': return syncSafe(pairs, judge, alb)
    case 'reachable': return alb === undefined || !holdsIngress(canary, alb) ? undefined : reachable(canary, { alb, lbc: settings.lbc ?? lbcProfile(lbcVersions.at(-1) ?? '').profile, around: settings.around ?? [] })
    default: return law satisfies never
  }
}

function holdsIngress({ resources, rollout }: CanaryCase, { ingresses, managedRoutes }: AlbSettings): boolean {
  const names = new Set(ingresses.map((name) => refKey({ group: 'networking.k8s.io', kind: 'Ingress', namespace: rollout.namespace, name })))
  return managedRoutes.length > 0 && resources.some((resource) => names.has(refKey({ ...resource, group: 'networking.k8s.io' })))
}
