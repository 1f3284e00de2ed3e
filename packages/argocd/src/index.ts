export type { CompareMode, Comparison, DiffSides, SyncResult } from './comparison.ts'
export type { IgnoreDifference } from './ignore-difference.ts'
export { type ArgocdProfile, argocdProfile, argocdVersions, type GojqVersion, type ProfileChoice } from './profile.ts'
