import { type Diagnostic, isMap, type KubeObject, parse, type SourceText } from '@rollsync/manifests'

/** The objects of a cluster, each with what the API server and the controllers put into it. Secrets are left out. */
export interface LiveObjects {
  readonly objects: readonly KubeObject[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads what `kubectl get -o json` (or `-o yaml`) printed: lists and single objects. Of an object that comes twice the last one counts. What cannot be read becomes a diagnostic. */
export function readLiveObjects(texts: readonly SourceText[]): LiveObjects {
  const read = texts.map(readOne)
  return { objects: read.flatMap((one) => one.objects), diagnostics: read.flatMap((one) => one.diagnostics) }
}

/** kubectl's own JSON needs no places, and may be larger than any file that a person edits; everything else is read as a manifest, which says where it is wrong. */
function readOne(source: SourceText): LiveObjects {
  const objects = fromJson(source)
  if (objects !== undefined) return { objects: objects.filter(isNoSecret), diagnostics: [] }
  const { manifests, diagnostics } = parse([source])
  const errors = diagnostics.filter((one) => one.severity === 'error' || one.code === 'template')
  if (errors.length > 0) return { objects: [], diagnostics: errors.map((one) => ({ ...one, severity: 'error' })) }
  if (manifests.length > 0) return { objects: manifests.map((one) => one.value).filter(isNoSecret), diagnostics: [] }
  const at = { file: source.file, line: 1, column: 1, endLine: 1, endColumn: 1, pointer: '' }
  return { objects: [], diagnostics: [{ code: 'missing-name', severity: 'error', message: 'there is no object of Kubernetes in it', hint: 'give what kubectl get -o json prints', at }] }
}

/** Undefined for what is not JSON, or no list of whole objects. */
function fromJson(source: SourceText): readonly KubeObject[] | undefined {
  try {
    const text = 'text' in source ? source.text : new TextDecoder('utf-8', { fatal: true }).decode(source.bytes)
    const value: unknown = JSON.parse(text)
    const list = isMap(value) && Array.isArray(value['items']) ? (value['items'] as readonly unknown[]) : [value]
    return list.every(isWhole) ? list : undefined
  } catch {
    return undefined
  }
}

function isWhole(value: unknown): value is KubeObject {
  return isMap(value) && typeof value['apiVersion'] === 'string' && typeof value['kind'] === 'string' && isMap(value['metadata']) && typeof value['metadata']['name'] === 'string'
    && ['labels', 'annotations'].every((key) => isTexts((value['metadata'] as Readonly<Record<string, unknown>>)[key]))
}

function isTexts(value: unknown): boolean {
  return value === undefined || (isMap(value) && Object.values(value).every((text) => typeof text === 'string'))
}

function isNoSecret({ apiVersion, kind }: KubeObject): boolean {
  return !(apiVersion === 'v1' && kind === 'Secret')
}
