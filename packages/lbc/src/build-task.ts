import type { LbcCluster, Service } from './cluster.ts'
import type { LbcProfile } from './profile.ts'

/** What one build of a load balancer works with (model_builder.go defaultModelBuildTask). */
export interface BuildTask {
  readonly cluster: LbcCluster
  readonly services: ReadonlyMap<string, Service>
  readonly profile: LbcProfile
  /** The address type of the load balancer, once it is known. */
  readonly ipAddressType: string
  /** The HTTPS port that every HTTP listener redirects to; undefined without ssl-redirect. */
  readonly sslRedirectPort: number | undefined
  /** What is taken for granted because only AWS or a Secret knows it. */
  readonly assumes: Set<string>
}
