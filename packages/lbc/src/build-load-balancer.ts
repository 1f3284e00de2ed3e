import { mapAnnotation } from './annotations.ts'
import type { BuildTask } from './build-task.ts'
import type { LbcCluster, Service } from './cluster.ts'
import { failure, inMapOrder, wrap } from './controller-error.ts'
import { parseBoolean } from './go/parse-number.ts'
import type { Group, Member } from './group.ts'
import { mergePortConfigs, type PortConfig, readListenPorts } from './listen-ports.ts'
import { buildListener } from './listeners.ts'
import type { Listener, LoadBalancer } from './load-balancer.ts'
import { checkAddOns } from './load-balancer-addons.ts'
import { checkLoadBalancer } from './load-balancer-settings.ts'
import type { LbcProfile } from './profile.ts'
import { readSslRedirect } from './ssl-redirect.ts'

interface MemberPort { readonly member: Member; readonly config: PortConfig }

/** model_builder.go:298 run. */
export function buildLoadBalancer(
  name: string, group: Group, cluster: LbcCluster, services: ReadonlyMap<string, Service>, profile: LbcProfile,
): LoadBalancer {
  for (const member of group.inactive) requireDeletable(member, profile)
  const members = group.members.map((member) => member.ingress.key)
  const assumes = new Set<string>()
  if (members.length === 0) return { answer: 'load-balancer', group: name, members, listeners: [], assumes: [] }
  const wishes = group.members.flatMap((member) => wrap(`ingress: ${member.ingress.key}`, () =>
    readListenPorts(member, profile, assumes).map((config): MemberPort => ({ member, config }))))
  const ports = [...new Set(wishes.map(({ config }) => config.port))].sort((a, b) => a - b)
  const onPort = (port: number): readonly MemberPort[] => wishes.filter(({ config }) => config.port === port)
  // model_builder.go:341 and :361: both loops range over a map of ports.
  const protocols = new Map(inMapOrder(ports.map((port) => () =>
    [port, mergePortConfigs(port, onPort(port).map(({ member, config }) => ({ ingress: member.ingress.key, config })))] as const)))
  const ipAddressType = checkLoadBalancer(group, profile)
  const sslRedirectPort = readSslRedirect(group.members, protocols, profile)
  const task: BuildTask = { cluster, services, profile, ipAddressType, sslRedirectPort, assumes }
  const listeners: readonly Listener[] = inMapOrder(ports.map((port) => () =>
    buildListener(port, protocols.get(port) ?? 'HTTP', onPort(port).map(({ member }) => member), task)))
  checkAddOns(group.members, profile, assumes)
  return { answer: 'load-balancer', group: name, members, listeners, assumes: [...assumes].sort() }
}

/** model_builder.go:299: an Ingress that is being deleted with deletion protection stops the group. */
function requireDeletable(member: Member, profile: LbcProfile): void {
  if (member.ingress.lifecycle === 'alive') return
  const raw = mapAnnotation(member.annotations, 'load-balancer-attributes', profile.keyValuePairs)?.get('deletion_protection.enabled')
  if (raw === undefined) return
  const parsed = parseBoolean(raw)
  if (!parsed.ok) throw failure(parsed.error)
  if (parsed.value) throw failure(`deletion_protection is enabled, cannot delete the ingress: ${member.ingress.name}`)
}
