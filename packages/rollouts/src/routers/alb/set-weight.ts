import { fail } from '../../controller-failure.ts'
import type { WeightDestination } from '../../rollout.ts'
import type { RouterContext } from '../router.ts'
import { actionService, withWeight } from './annotations.ts'
import { patchIngresses } from './patch-ingress.ts'
import { hasRuleWithService } from './paths.ts'

/** alb.go:70 SetWeight: annotations only, never a path. */
export function setWeight(context: RouterContext, desiredWeight: number, additional: readonly WeightDestination[]): void {
  const { rollout, client } = context
  const service = actionService(rollout)
  patchIngresses(context, {
    what: `weight ${desiredWeight} ${additional.length === 0 ? '' : JSON.stringify(additional)}`,
    wanted: (ingress) => {
      if (!hasRuleWithService(ingress, service)) fail(`ingress does not have service \`${service}\` in rules`)
      return { annotations: withWeight(ingress.metadata.annotations, rollout, desiredWeight, additional, client.profile) }
    },
  })
}
