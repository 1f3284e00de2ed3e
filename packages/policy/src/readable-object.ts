import type { KubeObject } from '@rollsync/manifests'

/** An object as people write it in Git: no status, no bookkeeping of the API server, keys in a steady order. */
export function readableObject({ apiVersion, kind, metadata, status: _status, ...rest }: KubeObject): unknown {
  const { name, namespace, labels, annotations } = metadata
  return {
    apiVersion, kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...(labels === undefined ? {} : { labels: sorted(labels) }), ...(annotations === undefined ? {} : { annotations: sorted(annotations) }) },
    ...(sorted(rest) as object),
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]))
}
