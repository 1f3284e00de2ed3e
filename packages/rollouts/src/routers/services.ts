import type { Rollout } from '../rollout.ts'

/** The stable and the canary Service (rollout/trafficrouting/service_helper.go GetStableAndCanaryServices). `preferred`: ping and pong go before the other two, as for ALB. */
export function stableAndCanaryServices(rollout: Rollout, pingPong: 'preferred' | 'only-alone'): { readonly stable: string; readonly canary: string } {
  const canary = rollout.spec.strategy.canary ?? {}
  const alone = (canary.stableService ?? '') === '' && (canary.canaryService ?? '') === ''
  if (canary.pingPong !== undefined && (pingPong === 'preferred' || alone)) {
    const { pingService, pongService } = canary.pingPong
    return rollout.status.canary?.stablePingPong === 'ping' ? { stable: pingService, canary: pongService } : { stable: pongService, canary: pingService }
  }
  return { stable: canary.stableService ?? '', canary: canary.canaryService ?? '' }
}
