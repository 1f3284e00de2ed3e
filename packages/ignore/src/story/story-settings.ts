import type { AutomatedPolicy, SelfHealFlags } from '@rollsync/argocd'
import type { ResourceRef } from '@rollsync/manifests'
import type { RolloutsProfile } from '@rollsync/rollouts'
import type { Judge } from '../judge.ts'

/** One Application: Argo CD with its rules and options, its auto-sync, and the objects that it deploys. */
export interface StoryApplication {
  readonly judge: Judge
  readonly automated: AutomatedPolicy | undefined
  readonly resources: readonly ResourceRef[]
}

/** Who plays in a story: the controller's version, the Rollout's own Application, and every other one that deploys an object of the day. */
export interface StorySettings extends StoryApplication {
  readonly profile: RolloutsProfile
  readonly selfHeal: SelfHealFlags
  readonly rollout: ResourceRef
  readonly others?: readonly (StoryApplication & { readonly application: string })[]
}

/** The Applications of a story, the Rollout's own first; it has no name here. */
export function applicationsOf({ judge, automated, resources, others = [] }: StorySettings): readonly (StoryApplication & { readonly application: string })[] {
  return [{ application: '', judge, automated, resources }, ...others]
}
