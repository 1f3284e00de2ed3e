import type { AutomatedPolicy, SelfHealFlags } from '@rollsync/argocd'
import type { ResourceRef } from '@rollsync/manifests'
import type { RolloutsProfile } from '@rollsync/rollouts'
import type { Judge } from '../judge.ts'

/** Who plays in a story: the controller's version, Argo CD with the Application's rules and options, its auto-sync, and what it deploys. */
export interface StorySettings {
  readonly profile: RolloutsProfile
  readonly judge: Judge
  readonly automated: AutomatedPolicy | undefined
  readonly selfHeal: SelfHealFlags
  /** The objects that the Application deploys. */
  readonly resources: readonly ResourceRef[]
  readonly rollout: ResourceRef
}
