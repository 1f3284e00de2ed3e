import type { KubeObject } from '@rollsync/manifests'
import { applyClientSide, ApplyError, replaceObject } from './apply.ts'
import { migrateClientSide } from './client-side-migration.ts'
import { compare, hasSyncOption } from './compare.ts'
import type { CompiledRules } from './compile-rules.ts'
import type { CompareMode, SyncResult } from './comparison.ts'
import { writtenBy } from './field-manager.ts'
import { type JsonMap, nested } from './json-map.ts'
import { lastAppliedAnnotation } from './last-applied.ts'
import { argocdManager } from './managers.ts'
import { type CustomSchemas, publishedSchemas } from './object-shape.ts'
import { respectIgnore } from './respect-ignore.ts'
import { applyServerSide } from './server-side-apply.ts'
import { arrived, settle, type Steps } from './settle.ts'

export interface SyncOptions {
  readonly rules: CompiledRules
  /** As in spec.syncPolicy.syncOptions, e.g. `RespectIgnoreDifferences=true`. */
  readonly syncOptions: readonly string[]
  /** Whether the comparison that ApplyOutOfSyncOnly looks at is a server-side diff. */
  readonly serverSideDiff?: 'on' | 'off'
}

/** What a full sync leaves of one resource in the cluster. Deleting (a null target) is left to pruning and not done here. */
export function sync(target: object | null, live: object | null, options: SyncOptions): SyncResult | Promise<SyncResult> {
  return settle(syncing(target as JsonMap | null, live as JsonMap | null, options))
}

function* syncing(target: JsonMap | null, live: JsonMap | null, options: SyncOptions): Steps<SyncResult> {
  const { rules, syncOptions } = options
  const has = (option: string): boolean => syncOptions.includes(option)
  const mode: CompareMode = options.serverSideDiff === 'on' ? 'ssd' : has('ServerSideApply=true') ? 'smd' : 'legacy'
  const compared = yield* arrived(compare(target, live, { rules, mode }))
  // sync.go:164: a comparison error refuses the sync
  if (compared.sync === 'Unknown') return { outcome: 'failed', message: compared.condition }
  if (compared.sync === 'panic') return { outcome: 'failed', message: compared.error }
  if (compared.sync === 'unverified') return { outcome: 'unverified', reason: compared.reason }
  if (!target) return { outcome: 'dropped', live: live as KubeObject }
  let applied = target
  if (has('RespectIgnoreDifferences=true')) {
    const respecting = yield* arrived(respectIgnore(target, live, rules))
    if (respecting.respecting === 'unverified') return { outcome: 'unverified', reason: respecting.reason }
    if (respecting.respecting === 'failed') return { outcome: 'failed', message: respecting.message }
    if (respecting.respecting === 'panic') return { outcome: 'failed', message: respecting.error }
    applied = respecting.target ?? target
  }
  // sync_context.go:761 filterOutOfSyncTasks
  if (has('ApplyOutOfSyncOnly=true') && live && compared.sync === 'Synced') return { outcome: 'dropped', live: live as KubeObject }
  const method = applyMethod(applied, live, syncOptions)
  const migrates = method === 'server side' && rules.profile.clientSideMigration === 'managedFields' && !has('ClientSideApplyMigration=false')
  return applyAs(applied, live && migrates ? migrateClientSide(live) : live, method, rules.schemas)
}

export type ApplyMethod = 'client side' | 'server side' | 'replace'

/** sync_context.go:1389: the options of the sync, and those in annotations of the objects. */
export function applyMethod(target: object, live: object | null, syncOptions: readonly string[]): ApplyMethod {
  const replaces = hasSyncOption(target as JsonMap, 'Replace=true') || hasSyncOption(live as JsonMap | null, 'Replace=true')
  if (replaces || syncOptions.includes('Replace=true')) return 'replace'
  if (hasSyncOption(target as JsonMap, 'ServerSideApply=false')) return 'client side'
  return syncOptions.includes('ServerSideApply=true') || hasSyncOption(target as JsonMap, 'ServerSideApply=true') ? 'server side' : 'client side'
}

/** One apply, and the object that the cluster then holds. */
export function applyAs(target: object, live: object | null, method: ApplyMethod, schemas: CustomSchemas = publishedSchemas): SyncResult {
  try {
    const after = applied(target as JsonMap, live as JsonMap | null, method, schemas)
    const lastApplied = nested(after, ['metadata', 'annotations', lastAppliedAnnotation]) === undefined ? 'absent' : 'present'
    return { outcome: 'applied', live: after as KubeObject, lastApplied }
  } catch (error) {
    if (error instanceof ApplyError) return { outcome: 'failed', message: error.message }
    throw error
  }
}

function applied(target: JsonMap, live: JsonMap | null, method: ApplyMethod, schemas: CustomSchemas): JsonMap {
  switch (method) {
    case 'client side': return writtenBy(live, applyClientSide(target, live), argocdManager, schemas)
    case 'server side': return applyServerSide(target, live, schemas)
    case 'replace': return writtenBy(live, replaceObject(target, live), argocdManager, schemas)
    default: return method satisfies never
  }
}
