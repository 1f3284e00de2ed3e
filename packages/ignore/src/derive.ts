import type { CompareMode } from '@rollsync/argocd'
import { refKey } from '@rollsync/manifests'
import { type CanaryCase, type Pair, pairsOf } from './canary-case.ts'
import { deriveIngress } from './derive/ingress.ts'
import { deriveService } from './derive/service.ts'
import type { IgnoreRule } from './ignore-rule.ts'
import type { AlbSettings } from './routes.ts'

/** The smallest rules that take out of the comparison what the Rollouts controller owns, and nothing else. None for what no compare would see. What no rule can express stays drift, and `covering` names it. */
export function derive(canary: CanaryCase, settings: { readonly alb: AlbSettings | undefined; readonly mode: CompareMode }): readonly IgnoreRule[] {
  const byResource = new Map<string, Pair[]>()
  for (const pair of pairsOf(canary)) byResource.set(refKey(pair.resource), [...(byResource.get(refKey(pair.resource)) ?? []), pair])
  return [...byResource.values()].flatMap((pairs) => {
    const kind = pairs[0]?.resource.kind
    if (kind === 'Ingress' && settings.alb !== undefined) return deriveIngress(pairs, settings.alb)
    if (kind === 'Service') return deriveService(pairs, settings.mode)
    return []
  })
}
