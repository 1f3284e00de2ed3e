import type { ArgocdProfile } from '../profile.ts'
import type { MergeDialect } from './typed-value.ts'

/** How the structured-merge-diff that this version of Argo CD pins behaves. */
export function dialectOf(profile: ArgocdProfile): MergeDialect {
  return profile.structuredMerge
}

/** The dialect of a current API server, which does the server-side applies. */
export const serverDialect: MergeDialect = { missingKeys: 'allowed', emptied: 'null', keyDefaults: 'known' }
