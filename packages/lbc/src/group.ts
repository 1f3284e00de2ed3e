import { annotationPrefix, type Annotations, integerAnnotation, textAnnotation } from './annotations.ts'
import type { Ingress, LbcCluster } from './cluster.ts'
import { ControllerError, failure, wrap } from './controller-error.ts'
import { type ClassConfig, InvalidIngressClass, isOurClassAnnotation, isOurController, loadClass, noClass } from './ingress-class.ts'
import type { LbcProfile } from './profile.ts'

/** One Ingress of a group with the class it has (class.go ClassifiedIngress). */
export interface Member {
  readonly ingress: Ingress
  readonly annotations: Annotations
  readonly class: ClassConfig
}

export interface Group {
  readonly members: readonly Member[]
  /** They left the group but still have its finalizer. */
  readonly inactive: readonly Member[]
}

/** group_loader.go errInvalidIngressGroup: such an Ingress belongs to no group. */
class InvalidIngressGroup extends ControllerError {}

/** The annotations of an object with the prefix that this controller reads. */
export function annotationsOf(object: { readonly annotations: ReadonlyMap<string, string> }, cluster: LbcCluster): Annotations {
  return { prefix: cluster.options?.annotationPrefix ?? annotationPrefix, of: object.annotations }
}

/** group_loader.go:82 Load: the members of one load balancer in the order of their rules. `group` is `namespace/name` (implicit) or a bare name. */
export function loadGroup(ingresses: readonly Ingress[], cluster: LbcCluster, group: string, profile: LbcProfile): Group {
  const members: Member[] = []
  const inactive: Member[] = []
  for (const ingress of ingresses) {
    const membership = wrap(`Ingress: ${ingress.key}`, () => membershipOf(ingress, cluster, group))
    if (membership.is === 'member') members.push(membership.member)
    else if (membership.is === 'inactive') inactive.push({ ingress, annotations: annotationsOf(ingress, cluster), class: noClass })
  }
  return { members: sortMembers(members, profile), inactive }
}

/** group_loader.go:190 loadGroupIDIfAnyHelper: the group an Ingress belongs to, undefined for none of ours. */
export function groupOfIngress(ingress: Ingress, cluster: LbcCluster): { readonly group: string; readonly member: Member } | undefined {
  if (ingress.lifecycle === 'being deleted') return undefined
  const found = classify(ingress, cluster)
  if (found === undefined) return undefined
  const member: Member = { ingress, annotations: annotationsOf(ingress, cluster), class: found }
  return { group: groupNameOf(member) ?? ingress.key, member }
}

/** Whether an error means that the Ingress is in no group, rather than that the controller stops. */
export function isTolerated(error: unknown): boolean {
  return error instanceof InvalidIngressClass || error instanceof InvalidIngressGroup
}

type Membership = { readonly is: 'member'; readonly member: Member } | { readonly is: 'inactive' } | { readonly is: 'none' }

/** group_loader.go:144 checkGroupMembershipType. */
function membershipOf(ingress: Ingress, cluster: LbcCluster, group: string): Membership {
  const wasMember = hasFinalizer(ingress, group)
  try {
    const found = groupOfIngress(ingress, cluster)
    if (found?.group === group) return { is: 'member', member: found.member }
    return { is: wasMember ? 'inactive' : 'none' }
  } catch (error) {
    // group_loader.go:155: of an Ingress that was a member, a class that went missing stops the whole group.
    if (error instanceof InvalidIngressClass && wasMember) {
      throw new ControllerError(error.texts.map((text) => `Ingress has invalid IngressClass configuration: ${text}`))
    }
    if (isTolerated(error)) return { is: wasMember ? 'inactive' : 'none' }
    throw error
  }
}

/** finalizer.go:58 buildGroupFinalizer, group_loader.go:254 containsGroupFinalizer. */
function hasFinalizer(ingress: Ingress, group: string): boolean {
  if (!group.includes('/')) return ingress.finalizers.includes(`group.ingress.k8s.aws/${group}`)
  return ingress.key === group && ingress.finalizers.includes('ingress.k8s.aws/resources')
}

/** group_loader.go:210 classifyIngress: undefined where another controller manages it. The annotation beats the field. */
function classify(ingress: Ingress, cluster: LbcCluster): ClassConfig | undefined {
  const flag = cluster.options?.ingressClass ?? 'alb'
  const annotation = ingress.annotations.get('kubernetes.io/ingress.class')
  if (annotation !== undefined) return isOurClassAnnotation(annotation, flag) ? noClass : undefined
  const config = loadClass(ingress, cluster, 'with parameters')
  if (config.class !== undefined) return isOurController(config.class) ? config : undefined
  return flag === '' ? config : undefined
}

/** group_loader.go:243 loadGroupID: the group of IngressClassParams beats the annotation; undefined is the implicit group. */
function groupNameOf(member: Member): string | undefined {
  const name = member.class.params?.groupName ?? textAnnotation(member.annotations, 'group.name')
  if (name === undefined) return undefined
  if (!/^([a-z0-9][-a-z0-9.]*)?[a-z0-9]$/.test(name) || name.length > 63) throw new InvalidIngressGroup(['invalid ingress group'])
  return name
}

/** group_loader.go:272 sortGroupMembers. */
function sortMembers(members: readonly Member[], profile: LbcProfile): readonly Member[] {
  const ordered = members.map((member) => ({ member, order: orderOf(member, profile) }))
  return ordered
    .sort((a, b) => a.order - b.order || (a.member.ingress.key < b.member.ingress.key ? -1 : 1))
    .map(({ member }) => member)
}

function orderOf(member: Member, profile: LbcProfile): number {
  const key = member.ingress.key
  const order = wrap(`failed to load Ingress group order for ingress: ${key}`, () => integerAnnotation(member.annotations, 'group.order', profile.integers))
  if (order !== undefined && (order < -1000 || order > 1000)) {
    throw failure(`explicit Ingress group order must be within [-1000:1000], Ingress: ${key}, order: ${order}`)
  }
  return order ?? 0
}
