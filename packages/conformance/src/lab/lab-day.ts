import type { StoryEvent } from '@rollsync/ignore'
import type { KubeObject } from '@rollsync/manifests'
import type { ClusterVersions } from '../cluster/programs.ts'

/** A day to live on a cluster of one's own: the folder as it is, one Rollout of it with its Application, and what happens. */
export interface LabDay {
  readonly folder: string
  readonly application: KubeObject
  readonly rollout: KubeObject
  /** What of the Rollout's namespace another Application deploys, or none: applied once, as `rollsync story` has it. */
  readonly around: readonly KubeObject[]
  readonly events: readonly { readonly event: StoryEvent; readonly text: string }[]
  readonly versions: Partial<ClusterVersions>
}
