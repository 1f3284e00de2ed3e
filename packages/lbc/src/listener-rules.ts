import { buildLoadBalancer } from './build-load-balancer.ts'
import type { Ingress, LbcCluster, Service } from './cluster.ts'
import { ControllerError, Unknowable } from './controller-error.ts'
import { type Group, groupOfIngress, isTolerated, loadGroup } from './group.ts'
import type { LoadBalancer } from './load-balancer.ts'
import type { LbcProfile } from './profile.ts'
import { readIngress, readService, Unreadable } from './read.ts'

/** The controller returns an error: nothing is deployed, the load balancer keeps its former rules, for all members of the group. */
export interface RulesFailure {
  readonly answer: 'failed'
  readonly group: string
  /** `read`: an object of the input is none that an API server would take. `load`: the group could not be found. `build`: its rules could not be made. */
  readonly stage: 'read' | 'load' | 'build'
  /** The members of the group; empty where they are not known. */
  readonly members: readonly string[]
  /** Word for word. */
  readonly error: string
  /** Where the order of a Go map decides which error is told: all of them. */
  readonly errorOneOf?: readonly string[]
}

/** The rules depend on something that the input does not say. */
export interface RulesUnverified {
  readonly answer: 'unverified'
  readonly group: string
  readonly because: string
}

export type ListenerRules = LoadBalancer | RulesFailure | RulesUnverified

/**
 * The load balancer that the controller makes of one group of Ingresses: `namespace/name` for an Ingress without a group, else the name of the group.
 * Never throws: unreadable objects and the controller's own errors are answers.
 */
export function listenerRules(cluster: LbcCluster, group: string, profile: LbcProfile): ListenerRules {
  let stage: RulesFailure['stage'] = 'read'
  let members: readonly string[] = []
  try {
    const { ingresses, services } = readCluster(cluster)
    stage = 'load'
    const found: Group = loadGroup(ingresses, cluster, group, profile)
    members = found.members.map((member) => member.ingress.key)
    stage = 'build'
    return buildLoadBalancer(group, found, cluster, services, profile)
  } catch (error) {
    if (error instanceof Unknowable) return { answer: 'unverified', group, because: error.message }
    if (error instanceof Unreadable) return { answer: 'failed', group, stage: 'read', members, error: error.message }
    if (!(error instanceof ControllerError)) throw error
    const oneOf = error.texts.length > 1 ? { errorOneOf: error.texts } : {}
    return { answer: 'failed', group, stage, members, error: error.message, ...oneOf }
  }
}

/** The groups that the Ingresses of a cluster make: one load balancer each, in the order of their names. */
export function loadBalancersOf(cluster: LbcCluster): LoadBalancers {
  const groups = new Set<string>()
  const leftOut: { ingress: string; because: string }[] = []
  for (const object of cluster.ingresses) {
    let key = '(unreadable)'
    try {
      const ingress = readIngress(object)
      key = ingress.key
      const found = groupOfIngress(ingress, cluster)
      if (found === undefined) leftOut.push({ ingress: key, because: 'another controller manages it, or it is being deleted' })
      else groups.add(found.group)
    } catch (error) {
      if (!(error instanceof Unreadable || error instanceof Unknowable || error instanceof ControllerError)) throw error
      leftOut.push({ ingress: key, because: isTolerated(error) ? `${error.message}: it belongs to no group` : error.message })
    }
  }
  return { groups: [...groups].sort(), leftOut }
}

export interface LoadBalancers {
  readonly groups: readonly string[]
  readonly leftOut: readonly { readonly ingress: string; readonly because: string }[]
}

interface ReadCluster { readonly ingresses: readonly Ingress[]; readonly services: ReadonlyMap<string, Service> }

/** The Ingresses in the order of their names, which decides among errors of the group loader. */
function readCluster(cluster: LbcCluster): ReadCluster {
  const ingresses = cluster.ingresses.map(readIngress).sort((a, b) => (a.namespace === b.namespace ? compare(a.name, b.name) : compare(a.namespace, b.namespace)))
  const services = cluster.services.map(readService)
  return { ingresses, services: new Map(services.map((service) => [service.key, service])) }
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
