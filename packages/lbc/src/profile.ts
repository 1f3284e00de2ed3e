import type { IntegerBits } from './go/parse-number.ts'

/** The releases of the AWS Load Balancer Controller whose behaviour is recorded, oldest first. */
export const lbcVersions: readonly string[] = ['v2.8.3', 'v2.13.4', 'v3.5.0']

/** What one release of the controller does differently from another; all else is the same in every recorded one. */
export interface LbcProfile {
  readonly version: string
  /** Weights, ports and orders: int64 until v2.8, int32 since. */
  readonly integers: IntegerBits
  /** `targetGroupName` in actions, and the error texts that came with it (v2.14.0). */
  readonly targetGroupNames: 'unknown' | 'known'
  /** `regexValues` in conditions and `use-regex-path-match` (v2.14.1). */
  readonly regex: 'unknown' | 'known'
  /** `transforms.<service>` (v2.14.1). */
  readonly transforms: 'unknown' | 'known'
  /** `jwt-validation` (v2.15.0). */
  readonly jwtValidation: 'unknown' | 'known'
  /** A target group whose port is 0, e.g. a ClusterIP Service with instance targets (v2.13.4). */
  readonly emptyTargetPort: 'accepted' | 'refused'
  /** `targetType` of IngressClassParams. */
  readonly classTargetType: 'unknown' | 'known'
  /** `sslRedirectPort` of IngressClassParams. */
  readonly classSslRedirect: 'unknown' | 'known'
  /** `loadBalancerName` of IngressClassParams. */
  readonly classLoadBalancerName: 'unknown' | 'known'
  /** `prefixListsIDs` of IngressClassParams. */
  readonly classPrefixLists: 'unknown' | 'known'
  /** `listener-attributes.<protocol>-<port>`. */
  readonly listenerAttributes: 'unknown' | 'known'
  /** `advertiseTrustStoreCaNames` in mutual-authentication. */
  readonly advertiseTrustStore: 'unknown' | 'known'
  /** `multi-cluster-target-group`. */
  readonly multiCluster: 'unknown' | 'known'
  /** `target-control-port.<service>.<port>`. */
  readonly targetControlPort: 'unknown' | 'known'
  /** `minimum-load-balancer-capacity`; v2.13 takes a value that is no number for 0. */
  readonly capacity: 'unknown' | 'unchecked' | 'checked'
  /** `ipam-ipv4-pool-id`. */
  readonly ipamPool: 'unknown' | 'known'
  /** `enable-frontend-nlb`. */
  readonly frontendNlb: 'unknown' | 'known'
  /** `wafv2-acl-name`, and web ACLs in IngressClassParams; before, an empty ARN counted as none. */
  readonly wafNames: 'unknown' | 'known'
  /** How `key=value,key=value` annotations are cut: at every comma, or with a backslash before a comma that stays. */
  readonly keyValuePairs: 'plain' | 'escaped'
}

const v350: LbcProfile = {
  version: 'v3.5.0', integers: 32, targetGroupNames: 'known', regex: 'known', transforms: 'known', jwtValidation: 'known', emptyTargetPort: 'refused',
  classTargetType: 'known', classSslRedirect: 'known', classLoadBalancerName: 'known', classPrefixLists: 'known', listenerAttributes: 'known',
  advertiseTrustStore: 'known', multiCluster: 'known', targetControlPort: 'known', keyValuePairs: 'escaped',
  capacity: 'checked', ipamPool: 'known', frontendNlb: 'known', wafNames: 'known',
}
const v2134: LbcProfile = {
  ...v350, version: 'v2.13.4', targetGroupNames: 'unknown', regex: 'unknown', transforms: 'unknown', jwtValidation: 'unknown',
  classSslRedirect: 'unknown', classLoadBalancerName: 'unknown', targetControlPort: 'unknown', keyValuePairs: 'plain',
  capacity: 'unchecked', wafNames: 'unknown',
}
const v283: LbcProfile = {
  ...v2134, version: 'v2.8.3', integers: 64, emptyTargetPort: 'accepted', classTargetType: 'unknown',
  classPrefixLists: 'unknown', listenerAttributes: 'unknown', advertiseTrustStore: 'unknown', multiCluster: 'unknown',
  capacity: 'unknown', ipamPool: 'unknown', frontendNlb: 'unknown',
}
const profiles: readonly LbcProfile[] = [v283, v2134, v350]

/** Which profile answers for a version. A version that is not recorded is unverified: the newest recorded one before it stands in (the oldest, where there is none). */
export type ChosenLbcProfile =
  | { readonly profile: LbcProfile; readonly recorded: true }
  | { readonly profile: LbcProfile; readonly recorded: false; readonly standsIn: string; readonly because: string }

export function lbcProfile(version: string): ChosenLbcProfile {
  const wanted = version.startsWith('v') ? version : `v${version}`
  const recorded = profiles.find((profile) => profile.version === wanted)
  if (recorded !== undefined) return { profile: recorded, recorded: true }
  const numbers = versionNumbers(wanted)
  const before = numbers === undefined ? [v350] : profiles.filter((profile) => compareNumbers(versionNumbers(profile.version) ?? [], numbers) <= 0)
  const profile = before.at(-1) ?? v283
  return { profile, recorded: false, standsIn: profile.version, because: `AWS Load Balancer Controller ${version} is not recorded (recorded: ${lbcVersions.join(', ')})` }
}

function versionNumbers(version: string): readonly number[] | undefined {
  const found = /^v(\d+)\.(\d+)(?:\.(\d+))?/.exec(version)
  return found === null ? undefined : found.slice(1).map((part) => Number(part ?? 0))
}

function compareNumbers(left: readonly number[], right: readonly number[]): number {
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
