import type { RolloutsProfile } from '../../profile.ts'
import type { WeightDestination } from '../../rollout.ts'
import type { Json } from '../nested.ts'
import type { WantedDestinationRule } from './config.ts'
import { type Destination, destinationsOf, shortHost } from './routes.ts'

/** What is written to one destination of a route: its weight, its removal, or (past the last one) a new destination. */
export interface DestinationPatch {
  readonly index: number
  readonly weight: number
  readonly host: string
  readonly remove: boolean
}

interface Wanted {
  readonly stable: string
  readonly canary: string
  readonly rule: WantedDestinationRule | undefined
  readonly desiredWeight: number
  readonly additional: readonly WeightDestination[]
  readonly profile: RolloutsProfile
}

/** istio.go:202 processRoutes: only the weights that differ. A destination that is none of those it knows goes, unless its weight is 0 already. */
export function destinationPatches(route: Json, wanted: Wanted): readonly DestinationPatch[] {
  const destinations = destinationsOf(route)
  const left = new Map(wanted.additional.map((destination) => [destination.serviceName ?? '', destination.weight]))
  const stableWeight = weightOfStable(destinations, wanted)
  const patches = destinations.flatMap((destination, index) => {
    const host = shortHost(destination.host)
    if (host === '') return []
    const weight = weightOf(destination, host, wanted, stableWeight, left)
    const target = weight ?? 0
    return target === destination.weight ? [] : [{ index, weight: target, host, remove: weight === undefined }]
  })
  // istio.go:249 goes through a Go map; here in the order of the experiment's templates
  const added = [...left].filter(([, weight]) => weight !== 0).map(([host, weight], index) => ({ index: destinations.length + index, weight, host, remove: false }))
  return [...patches, ...added]
}

function weightOfStable(destinations: readonly Destination[], { desiredWeight, additional, rule, profile }: Wanted): number {
  const rest = additional.reduce((sum, { weight }) => sum - weight, 100 - desiredWeight)
  if (!profile.has.knowsAdditionalSubsets) return rest
  const others = destinations.filter(({ subset }) => isAdditional(subset, rule)).reduce((sum, { weight }) => sum + weight, 0)
  return Math.max(0, rest - others)
}

/** Undefined: the destination is not known. */
function weightOf(destination: Destination, host: string, wanted: Wanted, stableWeight: number, left: Map<string, number>): number | undefined {
  const { subset } = destination
  const isSubset = (name: string | undefined): boolean => subset !== '' && subset === (name ?? '')
  if (host === wanted.canary || isSubset(wanted.rule?.canarySubsetName)) return wanted.desiredWeight
  if (host === wanted.stable || isSubset(wanted.rule?.stableSubsetName)) return stableWeight
  const experiment = left.get(host)
  if (experiment !== undefined) {
    left.delete(host)
    return experiment
  }
  return wanted.profile.has.knowsAdditionalSubsets && isAdditional(subset, wanted.rule) ? destination.weight : undefined
}

function isAdditional(subset: string, rule: WantedDestinationRule | undefined): boolean {
  return subset !== '' && (rule?.additionalSubsetNames ?? []).includes(subset)
}
