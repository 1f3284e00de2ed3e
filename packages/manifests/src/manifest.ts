import { isKnownGroup, judgeApiVersion } from './api-versions.ts'
import { type Diagnostic, type DiagnosticCode, type SourcePosition, usualHints } from './diagnostic.ts'
import { groupOf, type KubeObject, refOf, type ResourceRef } from './kubernetes.ts'
import { isMap } from './merge-patch.ts'
import { type Pointer, valueAt } from './pointer.ts'
import type { SourceDocument, SourceScalar } from './source-document.ts'

/** One object of Kubernetes with the place of each of its values. Pointers given to it start at the object; positions that it returns point from the document's root. */
export interface Manifest<T = KubeObject> {
  readonly ref: ResourceRef
  readonly value: T
  readonly file: string
  readonly documentIndex: number
  /** The document that holds the object, for edits; `base` is the object's pointer in it: `''`, or `/items/0` inside a list. */
  readonly document: SourceDocument
  readonly base: Pointer
  at(pointer: Pointer): SourcePosition
  keyAt(pointer: Pointer): SourcePosition
  scalarAt(pointer: Pointer): SourceScalar | undefined
}

export interface Found {
  readonly manifests: readonly Manifest[]
  readonly diagnostics: readonly Diagnostic[]
}

/** The objects of Kubernetes in one document: itself, the items of a list, or none. */
export function manifestsIn(document: SourceDocument, base: Pointer = ''): Found {
  const value = valueAt(document.value, base)
  if (!isMap(value) || !isObjectLike(value)) return { manifests: [], diagnostics: [] }
  const wrong = (pointer: Pointer, code: DiagnosticCode, message: string, severity: Diagnostic['severity'] = 'error', hint = usualHints[code]): Diagnostic =>
    ({ code, severity, message, ...(hint === undefined ? {} : { hint }), at: document.at(base + pointer) })
  const { apiVersion, kind } = value
  if (typeof apiVersion !== 'string') return alone(wrong('/apiVersion', 'wrong-type', 'apiVersion must be a text', 'error', 'write it out, e.g. v1'))
  if (typeof kind !== 'string') return alone(wrong('/kind', 'wrong-type', 'kind must be a text', 'error', 'write it out, e.g. Service'))
  if (Array.isArray(value['items']) && kind.endsWith('List')) {
    const inner = value['items'].map((_, index) => manifestsIn(document, `${base}/items/${index}`))
    return { manifests: inner.flatMap((one) => one.manifests), diagnostics: inner.flatMap((one) => one.diagnostics) }
  }
  if (!isMap(value['metadata']) && !mustBeNamed(apiVersion, kind)) return { manifests: [], diagnostics: [] }
  const faults = metadataFaults(value).map(({ pointer, code, message, hint }) => wrong(pointer, code, message, 'error', hint))
  if (faults.length > 0) return { manifests: [], diagnostics: faults }
  const object = value as KubeObject
  return { manifests: [makeManifest(document, base, object)], diagnostics: versionDiagnostics(object, wrong) }
}

function alone(diagnostic: Diagnostic): Found {
  return { manifests: [], diagnostics: [diagnostic] }
}

function isObjectLike(value: Readonly<Record<string, unknown>>): boolean {
  return Object.hasOwn(value, 'apiVersion') && Object.hasOwn(value, 'kind')
}

function mustBeNamed(apiVersion: string, kind: string): boolean {
  return isKnownGroup(groupOf(apiVersion)) && kind !== 'Config' && kind !== 'Kustomization'
}

interface Fault {
  readonly pointer: Pointer
  readonly code: DiagnosticCode
  readonly message: string
  readonly hint?: string
}

const asMap = 'write its fields below it, one a line, indented'

function metadataFaults(object: Readonly<Record<string, unknown>>): readonly Fault[] {
  const { metadata } = object
  if (metadata === undefined || metadata === null) return [{ pointer: '', code: 'missing-name', message: 'metadata.name is missing' }]
  if (!isMap(metadata)) return [{ pointer: '/metadata', code: 'wrong-type', message: 'metadata must be a map', hint: asMap }]
  const faults: Fault[] = []
  const { name, namespace, generateName } = metadata
  if (name === undefined || name === null || name === '') {
    if (typeof generateName !== 'string') faults.push({ pointer: '/metadata', code: 'missing-name', message: 'metadata.name is missing' })
  } else if (typeof name !== 'string') faults.push({ pointer: '/metadata/name', code: 'wrong-type', message: 'metadata.name must be a text; quote it' })
  if (namespace !== undefined && namespace !== null && typeof namespace !== 'string') {
    faults.push({ pointer: '/metadata/namespace', code: 'wrong-type', message: 'metadata.namespace must be a text; quote it' })
  }
  return [...faults, ...textMapFaults(metadata, 'labels'), ...textMapFaults(metadata, 'annotations')]
}

function textMapFaults(metadata: Readonly<Record<string, unknown>>, field: 'labels' | 'annotations'): readonly Fault[] {
  const map = metadata[field]
  if (map === undefined || map === null) return []
  if (!isMap(map)) return [{ pointer: `/metadata/${field}`, code: 'wrong-type', message: `metadata.${field} must be a map`, hint: asMap }]
  return Object.entries(map)
    .filter(([, value]) => typeof value !== 'string' && value !== null)
    .map(([key]) => ({
      pointer: `/metadata/${field}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      code: 'wrong-type' as const,
      message: `the ${field === 'labels' ? 'label' : 'annotation'} "${key}" must be a text; quote it`,
    }))
}

type MakeDiagnostic = (pointer: Pointer, code: DiagnosticCode, message: string, severity: Diagnostic['severity'], hint?: string) => Diagnostic

function versionDiagnostics(object: KubeObject, make: MakeDiagnostic): readonly Diagnostic[] {
  const verdict = judgeApiVersion(object.apiVersion, object.kind)
  switch (verdict.is) {
    case 'served':
    case 'foreign':
      return []
    case 'removed': {
      const hint = verdict.use === undefined ? undefined : `use ${verdict.use}`
      return [make('/apiVersion', 'removed-api-version', `Kubernetes ${verdict.since} removed ${object.apiVersion} ${object.kind}`, 'warning', hint)]
    }
    case 'unknown': {
      const hint = verdict.served.length === 0 ? undefined : `known: ${verdict.served.join(', ')}`
      return [make('/apiVersion', 'unknown-api-version', `no known Kubernetes serves ${object.apiVersion} ${object.kind}`, 'warning', hint)]
    }
    default:
      return verdict satisfies never
  }
}

function makeManifest(document: SourceDocument, base: Pointer, object: KubeObject): Manifest {
  const named = { ...object, metadata: { ...object.metadata, name: object.metadata.name ?? '' } }
  return {
    ref: refOf(named),
    value: object,
    file: document.file,
    documentIndex: document.documentIndex,
    document,
    base,
    at: (pointer) => document.at(base + pointer),
    keyAt: (pointer) => document.keyAt(base + pointer),
    scalarAt: (pointer) => document.scalarAt(base + pointer),
  }
}
