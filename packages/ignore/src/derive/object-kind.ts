import type { CompareMode } from '@rollsync/argocd'
import type { KubeObject, ResourceRef } from '@rollsync/manifests'
import type { Pair } from '../canary-case.ts'
import type { IgnoreRule } from '../ignore-rule.ts'
import type { AlbSettings } from '../routes.ts'

/** What a kind is asked with: the Rollout as Git holds it, what it says of its ALB, and how Argo CD compares. */
export interface DeriveContext {
  readonly rollout: KubeObject
  readonly alb: AlbSettings | undefined
  readonly mode: CompareMode
}

/** A place in an object, token by token. */
export type FieldPath = readonly (string | number)[]

/** One kind of object that the Rollouts controller writes to, and its answer to what is the controller's there. */
export interface ObjectKind {
  readonly holds: (ref: ResourceRef) => boolean
  /** The rules for one object, given every pair of it. */
  readonly derive: (pairs: readonly Pair[], context: DeriveContext) => readonly IgnoreRule[]
  /** The places of an object that are the controller's, or another controller's that goes with it; all below them too. */
  readonly owned: (object: KubeObject, context: DeriveContext) => readonly FieldPath[]
}
