import { durationSeconds, secondsOf } from '../clock.ts'
import type { Cluster } from '../cluster.ts'
import { RESYNC_SECONDS } from '../delays.ts'
import type { Event } from '../event.ts'
import type { Run } from '../pass.ts'
import { isDone } from '../phase.ts'
import { availableOf, hashOf, imageOf, type ReplicaSet, SCALE_DOWN_DEADLINE } from '../replica-set.ts'
import type { Rollout } from '../rollout.ts'
import { isOwned } from '../runs.ts'
import { currentStep, isFullyPromoted, replicasOf } from '../steps.ts'
import { objectsOf, type World } from '../world.ts'

/** One thing that can happen next. A `turn` leaves the path of an update that goes well; how many of them a story may take is bounded. */
export interface Move {
  readonly event: Event
  readonly kind: 'path' | 'turn'
}

/** The images that the exploration updates to, one after the other; the first is the one that is deployed. */
export type Images = readonly [deployed: string, next: string, later: string]

const path = (event: Event): Move => ({ event, kind: 'path' })
const turn = (event: Event): Move => ({ event, kind: 'turn' })

/** What can happen from here, in a fixed order. */
export function movesFrom(cluster: Cluster, rollout: Rollout, images: Images): readonly Move[] {
  const name = rollout.metadata.name
  const sets = (objectsOf(cluster.world, 'ReplicaSet') as readonly ReplicaSet[]).filter((rs) => isOwned(rs, rollout))
  const waits = deadlineWaits(cluster, sets)
  const image = imageNamedBy(rollout, cluster.world)
  const moves = isFullyPromoted(rollout) ? idleMoves(image, images, name) : updateMoves(cluster, rollout, sets, image, images)
  return [...moves, ...waits, ...heal(cluster, sets)]
}

/** The image of a Rollout's first container, or of the workload's that it takes its template from; `''` where there is none. */
export function imageNamedBy(rollout: Rollout, world: World): string {
  const ref = rollout.spec.workloadRef
  const workload = ref === undefined ? undefined : objectsOf(world, ref.kind ?? '').find(({ metadata }) => metadata.name === ref.name && metadata.namespace === rollout.metadata.namespace) as Rollout | undefined
  return (workload ?? rollout).spec?.template?.spec?.containers?.[0]?.image ?? ''
}

function idleMoves(image: string, [deployed, next]: Images, rollout: string): readonly Move[] {
  if (image !== deployed) return [turn({ do: 'undo', rollout })]
  return [path({ do: 'apply', image: next, rollout }), turn({ do: 'pods', image: next, state: 'slow' })]
}

function updateMoves(cluster: Cluster, rollout: Rollout, sets: readonly ReplicaSet[], image: string, images: Images): readonly Move[] {
  const name = rollout.metadata.name
  const { status } = rollout
  const third: readonly Move[] = image === images[1] ? [turn({ do: 'apply', image: images[2], rollout: name })] : []
  if (status.abort === true) return [turn({ do: 'retry', rollout: name }), ...third, turn({ do: 'undo', rollout: name })]
  const turns: readonly Move[] = [
    turn({ do: 'abort', rollout: name }), ...(status.promoteFull === true ? [] : [turn({ do: 'promote-full', rollout: name })]), turn({ do: 'undo', rollout: name }), ...third,
    ...podTurns(rollout, sets),
  ]
  return [...pathMoves(cluster, rollout), ...turns]
}

// The way on: what the update waits for happens.
function pathMoves(cluster: Cluster, rollout: Rollout): readonly Move[] {
  const { status } = rollout
  const runs = objectsOf(cluster.world, 'AnalysisRun').filter((run) => isOwned(run, rollout) && !isDone((run as Run).status?.phase))
  const experiments = objectsOf(cluster.world, 'Experiment').filter((run) => isOwned(run, rollout) && !isDone((run as Run).status?.phase)) as readonly Run[]
  const asked: readonly Move[] = [
    ...experiments.slice(0, 1).flatMap(({ status: of }): readonly Move[] => [
      path({ do: 'experiment', phase: of?.phase === 'Running' ? 'Successful' : 'Running' }), turn({ do: 'experiment', phase: 'Failed' }),
    ]),
    ...(runs.length === 0 ? [] : [path({ do: 'analysis', phase: 'Successful' }), turn({ do: 'analysis', phase: 'Failed' }), turn({ do: 'analysis', phase: 'Inconclusive' })]),
  ]
  const pause = status.pauseConditions?.[0]
  if (pause === undefined) return asked
  const duration = currentStep(rollout).step?.pause?.duration ?? rollout.spec.strategy.blueGreen?.autoPromotionSeconds
  if (duration === undefined || pause.reason === 'InconclusiveAnalysisRun') return [...asked, path({ do: 'promote', rollout: rollout.metadata.name })]
  const left = secondsOf(pause.startTime) + Math.max(0, durationSeconds(duration)) + 1 - cluster.clock
  return [...asked, path({ do: 'wait', seconds: Math.max(1, left) })]
}

// Canary pods crash; half of the stable pods are lost.
function podTurns(rollout: Rollout, sets: readonly ReplicaSet[]): readonly Move[] {
  const canary = sets.find((rs) => hashOf(rs) === rollout.status.currentPodHash)
  const stable = sets.find((rs) => hashOf(rs) === rollout.status.stableRS)
  return [
    ...(canary !== undefined && availableOf(canary) > 0 ? [turn({ do: 'pods', image: imageOf(canary), state: 'crash' } as const)] : []),
    ...(stable !== undefined && availableOf(stable) > 1 ? [turn({ do: 'pods', image: imageOf(stable), available: Math.floor(replicasOf(rollout) / 2) } as const)] : []),
  ]
}

// Pods that were held back come back.
function heal(cluster: Cluster, sets: readonly ReplicaSet[]): readonly Move[] {
  const held = [...cluster.pods].filter(([image, mode]) => mode.mode !== 'ready' && sets.some((rs) => imageOf(rs) === image && availableOf(rs) < rs.spec.replicas))
  return held.map(([image]) => path({ do: 'pods', image, state: 'ready' }))
}

// Pods that wait for their end reach it.
function deadlineWaits({ clock }: Cluster, sets: readonly ReplicaSet[]): readonly Move[] {
  const left = sets.flatMap((rs) => {
    const deadline = rs.metadata.annotations?.[SCALE_DOWN_DEADLINE]
    return deadline === undefined || rs.spec.replicas === 0 ? [] : [secondsOf(deadline) - clock]
  }).filter((seconds) => seconds > 0 && seconds <= RESYNC_SECONDS * 100)
  return left.length === 0 ? [] : [path({ do: 'wait', seconds: Math.min(...left) + 1 })]
}
