import { isMap } from '@rollsync/manifests'
import { parse } from 'yaml'
import type { ArgocdProfile } from './profile.ts'

/** A system-level override: what argocd-cm says of one group and kind (globs in either). */
export interface Override {
  readonly jsonPointers: readonly string[]
  readonly jqPathExpressions: readonly string[]
  readonly managedFieldsManagers: readonly string[]
  readonly knownTypeFields: readonly { readonly field: string; readonly type: string }[]
}

export interface Settings {
  /** By `group/kind`, `kind` or `*` for both, in the order they were first named. */
  readonly overrides: ReadonlyMap<string, Override>
  readonly ignoreAggregatedRoles: 'yes' | 'no'
  readonly tracking: 'annotation' | 'label' | 'annotation+label'
  readonly instanceLabelKey: string
}

/** argocd-cm that Argo CD itself cannot read. */
export class SettingsError extends Error {}

const prefix = 'resource.customizations'
const nothing: Override = { jsonPointers: [], jqPathExpressions: [], managedFieldsManagers: [], knownTypeFields: [] }

/** settings.go: the `data` of argocd-cm as SettingsManager reads it, with the defaults of the version. Throws SettingsError. */
export function readSettings(data: Readonly<Record<string, string>>, profile: ArgocdProfile): Settings {
  const overrides = new Map<string, Override>(Object.entries(readLegacyMap(data[prefix] ?? '')))
  for (const [key, text] of Object.entries(data)) if (key.startsWith(prefix)) readSplitKey(key, text, overrides)
  const options = yamlMap(data['resource.compareoptions'] ?? '')
  ignoreStatus(options['ignoreResourceStatusField'], profile, overrides)
  const method = data['application.resourceTrackingMethod'] ?? ''
  return {
    overrides,
    ignoreAggregatedRoles: options['ignoreAggregatedRoles'] === true ? 'yes' : 'no',
    tracking: method === 'annotation' || method === 'label' || method === 'annotation+label' ? method : profile.tracking,
    instanceLabelKey: data['application.instanceLabelKey'] || 'app.kubernetes.io/instance',
  }
}

function readLegacyMap(text: string): Record<string, Override> {
  return Object.fromEntries(Object.entries(yamlMap(text)).map(([key, value]) => {
    const raw = isMap(value) ? value : {}
    const text = raw['ignoreDifferences'] ?? ''
    // types.go rawResourceOverride: a YAML text inside the YAML map
    if (typeof text !== 'string') throw new SettingsError(`error unmarshaling JSON: ignoreDifferences of ${key} must be a text`)
    const ignore = readIgnore(text)
    return [key, { ...ignore, knownTypeFields: knownTypeFields(raw['knownTypeFields']) }]
  }))
}

// settings.go:1140 appendResourceOverridesFromSplitKeys: a split key replaces that part of the same entry of the map
function readSplitKey(key: string, text: string, overrides: Map<string, Override>): void {
  const parts = key.split('.')
  if (parts.length < 4) return
  const name = overrideKey(parts.slice(3).join('.'))
  const before = overrides.get(name) ?? nothing
  switch (parts[2]) {
    case 'ignoreDifferences': overrides.set(name, { ...readIgnore(text), knownTypeFields: before.knownTypeFields }); return
    case 'knownTypeFields': overrides.set(name, { ...before, knownTypeFields: knownTypeFields(yaml(text)) }); return
    case 'health': case 'useOpenLibs': case 'actions': case 'ignoreResourceUpdates': overrides.set(name, before); return
    default: throw new SettingsError(`resource customization type ${parts[2]} not supported`)
  }
}

function overrideKey(groupKind: string): string {
  const parts = groupKind.split('_')
  if (groupKind === 'all') return '*/*'
  if (parts.length === 2) return `${parts[0]}/${parts[1]}`
  if (parts.length === 1 && groupKind !== '') return groupKind
  throw new SettingsError('group kind should be in format `resource.customizations.<type>.<group_kind>` or resource.customizations.<type>.<kind>`, got group kind: '
    + `'${groupKind}'`)
}

function ignoreStatus(option: unknown, profile: ArgocdProfile, overrides: Map<string, Override>): void {
  const field = option === undefined || option === null || option === '' ? profile.statusIgnored : option
  if (field === 'none' || field === 'off' || field === 'false' || field === false) return
  const key = field === 'crd' ? 'apiextensions.k8s.io/CustomResourceDefinition' : '*/*'
  const before = overrides.get(key) ?? nothing
  // until 3.0 the same option hides a field that API servers drop
  const dropped = field === 'crd' && profile.era !== '3' ? ['/spec/preserveUnknownFields'] : []
  overrides.set(key, { ...before, jsonPointers: [...before.jsonPointers, '/status', ...dropped] })
}

function readIgnore(text: string): Override {
  const map = yamlMap(text)
  const { jsonPointers, jqPathExpressions, managedFieldsManagers } = map
  return { ...nothing, jsonPointers: texts(jsonPointers), jqPathExpressions: texts(jqPathExpressions), managedFieldsManagers: texts(managedFieldsManagers) }
}

function texts(value: unknown): string[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) throw new SettingsError('error unmarshaling JSON: a list of strings was expected')
  return value as string[]
}

function knownTypeFields(value: unknown): Override['knownTypeFields'] {
  return Array.isArray(value) ? value.filter(isMap).map((item) => ({ field: textOf(item['field']), type: textOf(item['type']) })) : []
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function yamlMap(text: string): Readonly<Record<string, unknown>> {
  const value = yaml(text)
  if (value === null || value === undefined) return {}
  if (!isMap(value)) throw new SettingsError('error unmarshaling JSON: a map was expected')
  return value
}

function yaml(text: string): unknown {
  try {
    return parse(text) as unknown
  } catch (error) {
    throw new SettingsError(error instanceof Error ? error.message : String(error))
  }
}
