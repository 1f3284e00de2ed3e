import type { Rollout } from '../rollout.ts'
import { objectsOf, type World } from '../world.ts'

/** The world without the Rollouts that neither share a namespace nor an Ingress or Service with this one: what they do cannot be seen here. */
export function neighbourhood(world: World, rollout: Rollout): World {
  const own = namesIn(rollout)
  const strangers = new Set((objectsOf(world, 'Rollout') as readonly Rollout[]).filter((other) => other.metadata.name !== rollout.metadata.name
    && ((other.metadata.namespace ?? '') !== (rollout.metadata.namespace ?? '') || !namesIn(other).some((name) => own.includes(name)))))
  return strangers.size === 0 ? world : new Map([...world].filter(([, object]) => !strangers.has(object as Rollout)))
}

function namesIn({ spec }: Rollout): readonly string[] {
  const { blueGreen, canary } = spec.strategy ?? {}
  const alb = canary?.trafficRouting?.alb
  return [blueGreen?.activeService, blueGreen?.previewService, canary?.stableService, canary?.canaryService, alb?.ingress, ...(alb?.ingresses ?? [])].filter((name) => name !== undefined)
}
