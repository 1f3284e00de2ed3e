import { type Change, editDocument, type Manifest, type TextEdit, toPointer } from '@rollsync/manifests'
import type { Anchor } from '../anchor.ts'
import { type AlbSettings, pathsOfIngress, routeKeys } from '../routes.ts'

/** The edits that make Git's Ingress hold exactly these anchors of the Rollout's managed routes, in their order and in front; with none, the edits that take every managed route out again. */
export function writeIngress(ingress: Manifest, anchors: readonly Anchor[], alb: AlbSettings): readonly TextEdit[] {
  if (isAnchored(ingress, anchors, alb)) return []
  const managed = pathsOfIngress(ingress.value).filter((path) => alb.managedRoutes.includes(path.service))
  const annotations = ingress.value.metadata.annotations ?? {}
  const wanted = new Map(anchors.flatMap((anchor) => anchor.annotations.map(({ key, value }) => [key, value] as const)))
  const stale = alb.managedRoutes.flatMap((route) => Object.values(routeKeys(route, alb.prefix))).filter((key) => annotations[key] !== undefined && !wanted.has(key))
  const at = (path: readonly (string | number)[]): string => ingress.base + toPointer(path)
  const changes: Change[] = [
    ...managed.toReversed().map(({ rule, index }): Change => ({ do: 'remove', pointer: at(['spec', 'rules', rule, 'http', 'paths', index]) })),
    ...anchors.toReversed().flatMap((anchor) => anchor.paths.map(({ rule, value }): Change => ({ do: 'insert', pointer: at(['spec', 'rules', rule, 'http', 'paths', 0]), value }))),
    ...stale.map((key): Change => ({ do: 'remove', pointer: at(['metadata', 'annotations', key]) })),
    ...[...wanted].filter(([key, value]) => annotations[key] !== value).map(([key, value]): Change => ({ do: 'set', pointer: at(['metadata', 'annotations', key]), value })),
  ]
  return editDocument(ingress.document, changes)
}

/** Whether Git's Ingress holds exactly these anchors already: nothing to write. */
export function isAnchored(ingress: Manifest, anchors: readonly Anchor[], alb: AlbSettings): boolean {
  const held = pathsOfIngress(ingress.value).filter((path) => alb.managedRoutes.includes(path.service))
  const wantedPaths = anchors.flatMap((anchor) => anchor.paths.map(({ rule, value }) => ({ rule, value })))
  const front = (path: { rule: number; index: number }): boolean =>
    pathsOfIngress(ingress.value).every((other) => other.rule !== path.rule || other.index >= path.index || alb.managedRoutes.includes(other.service) || alb.foreignRoutes.includes(other.service))
  const order = (paths: readonly { rule: number; value: unknown }[]): string => JSON.stringify([...paths].sort((a, b) => a.rule - b.rule).map((path) => [path.rule, sorted(path.value)]))
  const annotations = ingress.value.metadata.annotations ?? {}
  const wanted = new Map(anchors.flatMap((anchor) => anchor.annotations.map(({ key, value }) => [key, value] as const)))
  const keys = alb.managedRoutes.flatMap((route) => Object.values(routeKeys(route, alb.prefix)))
  return order(held) === order(wantedPaths) && held.every(front) && keys.every((key) => annotations[key] === wanted.get(key))
}

/** A value with the keys of its maps in order, so that equal values print alike. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]))
}
