import type { IngressPath } from './cluster.ts'
import { failure } from './controller-error.ts'

/** A path with its position in the rule as it is written. */
export interface PlacedPath { readonly path: IngressPath; readonly index: number }

/** model_build_listener_rules.go:89 sortIngressPaths: Exact as written, Prefix by length (longest first), ImplementationSpecific and untyped as written. */
export function sortPaths(paths: readonly IngressPath[]): readonly PlacedPath[] {
  const placed = paths.map((path, index) => ({ path, index }))
  const known = ['Exact', 'Prefix', 'ImplementationSpecific']
  const unknown = paths.find((path) => path.pathType !== undefined && !known.includes(path.pathType))
  if (unknown !== undefined) throw failure(`unknown pathType for path ${unknown.path}`)
  const ofType = (type: string): PlacedPath[] => placed.filter(({ path }) => (path.pathType ?? 'ImplementationSpecific') === type)
  const prefix = ofType('Prefix').sort((a, b) => byteLength(b.path.path) - byteLength(a.path.path))
  return [...ofType('Exact'), ...prefix, ...ofType('ImplementationSpecific')]
}

/** The length of a text in UTF-8, which is what Go's len gives. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}
