import { booleanAnnotation, textAnnotation } from './annotations.ts'
import { failure } from './controller-error.ts'
import type { Member } from './group.ts'
import { goList, onlyOne } from './load-balancer-settings.ts'
import type { LbcProfile } from './profile.ts'

/** model_build_load_balancer_addons.go and the switch of model_build_frontend_nlb.go: what stands beside the listeners can make the build fail after them. */
export function checkAddOns(members: readonly Member[], profile: LbcProfile, assumes: Set<string>): void {
  const name = profile.wafNames === 'unknown' ? undefined : onlyOne(members, wafNameOf, (values) => `conflicting WAFv2 WebACL names: ${goList(values)}`)
  if (name === undefined) onlyOne(members, (member) => wafArnOf(member, profile), (values) => `conflicting WAFv2 WebACL ARNs: ${goList(values)}`)
  else if (name !== 'none') assumes.add(`AWS has a WAFv2 web ACL named ${name}`)
  onlyOne(members, classicAclOf, (values) => `conflicting WAFClassic WebACL IDs: ${goList(values)}`)
  const shield = members.flatMap((member) => booleanAnnotation(member.annotations, 'shield-advanced-protection') ?? [])
  if (new Set(shield).size > 1) throw failure('conflicting enable shield advanced protection')
  checkFrontendNlb(members, profile, assumes)
}

function wafNameOf(member: Member): string | undefined {
  const ofClass = member.class.params?.wafAclName ?? ''
  const name = ofClass === '' ? (textAnnotation(member.annotations, 'wafv2-acl-name') ?? '') : ofClass
  return name === '' ? undefined : name
}

function wafArnOf(member: Member, profile: LbcProfile): string | undefined {
  const annotated = textAnnotation(member.annotations, 'wafv2-acl-arn')
  if (profile.wafNames === 'unknown') return annotated === '' ? undefined : annotated
  const ofClass = member.class.params?.wafAclArn ?? ''
  return ofClass === '' ? annotated : ofClass
}

function classicAclOf(member: Member): string | undefined {
  const id = textAnnotation(member.annotations, 'waf-acl-id') ?? textAnnotation(member.annotations, 'web-acl-id') ?? ''
  return id === '' ? undefined : id
}

function checkFrontendNlb(members: readonly Member[], profile: LbcProfile, assumes: Set<string>): void {
  if (profile.frontendNlb === 'unknown') return
  let earlier: boolean | undefined
  for (const member of members) {
    const enabled = booleanAnnotation(member.annotations, 'enable-frontend-nlb')
    if (enabled !== undefined && earlier !== undefined && earlier !== enabled) throw failure('conflicting enable frontend NLB values')
    earlier ??= enabled
  }
  if (earlier === true) assumes.add('the network load balancer in front (enable-frontend-nlb) can be built')
}
