import type { GojqVersion } from './jq/engine.ts'
import type { EmptyTimes } from './schema.ts'
import type { MergeDialect } from './structured/typed-value.ts'

/** What one version of Argo CD does, as far as comparison and sync depend on the version. */
export interface ArgocdProfile {
  readonly version: string
  readonly gojq: GojqVersion
  /** How RespectIgnoreDifferences copies live values into the target: JSON merge patch, or strategic merge patch by the Go structs of registered kinds, or by the cluster's schemas for the others too. */
  readonly respectIgnore: 'json merge' | 'strategic' | 'strategic by schema'
  /** sync.go:458-465: `status` is taken out of both sides before the patch is made. */
  readonly respectIgnoreStripsStatus: 'yes' | 'no'
  /** sync.go:536-588 restoreNonIgnoredFields: whatever the rules did not touch goes back to Git's value. */
  readonly respectIgnoreRestores: 'yes' | 'no'
  /** settings.go:1070-1085: the default of ignoreResourceStatusField. */
  readonly statusIgnored: 'all' | 'crd'
  readonly tracking: 'annotation' | 'label'
  /** resource_tracking.go Normalize: whether live's tracking annotation is set from the target even where it has one. */
  readonly trackingBackfill: 'always' | 'when absent'
  /** diff.go: before 3.x the server-side dry run gets the configuration with the ignore rules already applied. */
  readonly dryRunSends: 'configuration' | 'normalized configuration'
  /** The generation of the code whose error texts and panics differ: 2.10, 2.14, 3. */
  readonly era: '2.10' | '2.14' | '3'
  /** The structured-merge-diff that go.mod pins. */
  readonly structuredMerge: MergeDialect
  /** diff.go excludeManagerOwnedAncestors: whether a server-side diff spares what holds fields of argocd-controller. */
  readonly ownedAncestors: 'kept' | 'removed'
  /** diff.go isCoreSecret: whether a server-side diff compares Secrets with their values masked. */
  readonly serverSideSecrets: 'masked' | 'plain'
  /** What the Kubernetes libraries of the release write of a time that is not set. */
  readonly emptyTimes: EmptyTimes
  /** Whether self-heal waits longer from attempt to attempt. */
  readonly selfHealBackoff: 'exponential' | 'constant'
  /** sync_context.go performCSAUpgradeMigration: whether a server-side apply first takes over what kubectl has applied on the client side. */
  readonly clientSideMigration: 'managedFields' | 'none'
}

export interface ProfileChoice {
  readonly profile: ArgocdProfile
  /** Whether vectors of exactly this version were recorded. */
  readonly recorded: boolean
  /** The recorded version that answers for this one. */
  readonly standsIn?: string
}

type Row = Omit<ArgocdProfile, 'version'>

const master: Row = {
  gojq: '0.12.19', respectIgnore: 'strategic by schema', respectIgnoreStripsStatus: 'yes', respectIgnoreRestores: 'yes',
  statusIgnored: 'all', tracking: 'annotation', trackingBackfill: 'when absent', dryRunSends: 'configuration', era: '3',
  structuredMerge: { missingKeys: 'allowed', emptied: 'null', keyDefaults: 'known' }, ownedAncestors: 'kept', serverSideSecrets: 'plain', selfHealBackoff: 'exponential',
  clientSideMigration: 'managedFields', emptyTimes: 'left out',
}
const v35: Row = { ...master, respectIgnore: 'strategic', structuredMerge: { missingKeys: 'allowed', emptied: 'kept', keyDefaults: 'known' } }
const v34: Row = { ...v35, gojq: '0.12.18' }
const v33: Row = { ...v34, trackingBackfill: 'always', ownedAncestors: 'removed' }
const beforeRestore: Row = { ...v33, respectIgnoreRestores: 'no', serverSideSecrets: 'masked' }
const v214: Row = {
  ...beforeRestore, gojq: '0.12.17', respectIgnoreStripsStatus: 'no', statusIgnored: 'crd', tracking: 'label',
  dryRunSends: 'normalized configuration', era: '2.14',
  structuredMerge: { missingKeys: 'refused', emptied: 'null', keyDefaults: 'known' }, serverSideSecrets: 'plain', clientSideMigration: 'none', emptyTimes: 'null',
}
const v210: Row = { ...v214, gojq: '0.12.13', era: '2.10', selfHealBackoff: 'constant' }

const recordedRows: readonly (readonly [string, Row])[] = [
  ['3.6-dev', master], ['3.5.1', v35], ['3.4.7', v34], ['3.4.4', beforeRestore], ['3.3.14', v33], ['3.3.12', beforeRestore],
  ['2.14.21', v214], ['2.10.20', v210],
]

/** Versions from which on a row holds, newest first; a version takes the first row that is not newer than it. Below the last row nothing is known. */
const ranges: readonly (readonly [from: string, until: string, row: Row, standsIn: string])[] = [
  ['3.6.0', '3.7.0', master, '3.6-dev'],
  ['3.5.0', '3.6.0', v35, '3.5.1'],
  ['3.4.6', '3.5.0', v34, '3.4.7'],
  ['3.4.5', '3.4.6', v33, '3.4.7'],
  ['3.4.4', '3.4.5', beforeRestore, '3.4.4'],
  ['3.4.0', '3.4.4', { ...beforeRestore, respectIgnoreStripsStatus: 'no' }, '3.4.4'],
  ['3.3.13', '3.4.0', v33, '3.3.14'],
  ['3.3.12', '3.3.13', beforeRestore, '3.3.12'],
  ['3.3.0', '3.3.12', { ...beforeRestore, respectIgnoreStripsStatus: 'no' }, '3.3.12'],
  ['3.2.1', '3.3.0', { ...beforeRestore, gojq: '0.12.17', respectIgnoreStripsStatus: 'no', clientSideMigration: 'none' }, '3.3.12'],
  ['3.0.0', '3.2.0', { ...beforeRestore, emptyTimes: 'null', gojq: '0.12.17', respectIgnoreStripsStatus: 'no', clientSideMigration: 'none' }, '3.3.12'],
  ['2.14.0', '3.0.0', v214, '2.14.21'],
  ['2.13.0', '2.14.0', v214, '2.14.21'],
  ['2.12.7', '2.13.0', { ...v214, gojq: '0.12.13' }, '2.14.21'],
  ['2.12.0', '2.12.7', { ...v214, gojq: '0.12.13', selfHealBackoff: 'constant' }, '2.14.21'],
  ['2.11.12', '2.12.0', { ...v214, gojq: '0.12.13' }, '2.14.21'],
  ['2.11.0', '2.11.12', { ...v214, gojq: '0.12.13', selfHealBackoff: 'constant' }, '2.14.21'],
  ['2.10.6', '2.11.0', v210, '2.10.20'],
  ['2.10.0', '2.10.6', { ...v210, respectIgnore: 'json merge' }, '2.10.20'],
]

/** The recorded versions, newest first. */
export const argocdVersions: readonly string[] = recordedRows.map(([version]) => version)

/** The profile of a version such as `3.5`, `v3.5.1` or `2.14`; a version of two parts means its newest recorded patch. Undefined where nothing is known of it. */
export function argocdProfile(version: string): ProfileChoice | undefined {
  const wanted = version.trim().replace(/^v/, '')
  const line = wanted.split('.').length === 2 && !wanted.includes('-') ? `${wanted}.` : undefined
  const exact = recordedRows.find(([label]) => label === wanted || (line !== undefined && label.startsWith(line)))
  if (exact) return { profile: { version: exact[0], ...exact[1] }, recorded: true }
  const number = versionNumber(wanted)
  if (number === undefined) return undefined
  const range = ranges.find(([from, until]) => number >= versionNumber(from)! && number < versionNumber(until)!)
  return range && { profile: { version: wanted, ...range[2] }, recorded: false, standsIn: range[3] }
}

function versionNumber(text: string): number | undefined {
  const match = /^(\d+)\.(\d+)(?:\.(\d+))?(?:[-+].*)?$/.exec(text)
  return match ? Number(match[1]) * 1e6 + Number(match[2]) * 1e3 + Number(match[3] ?? 999) : undefined
}
