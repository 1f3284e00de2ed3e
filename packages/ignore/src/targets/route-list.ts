import { type Change, editDocument, jsonEqual, type Manifest, type TextEdit } from '@rollsync/manifests'
import { type RouteAnchor, routeItems, routeList } from '../route-anchor.ts'

/** The edits that make Git's object hold exactly these anchors of the managed routes, those in front before all others and those behind after them; with none, the edits that take every one out. */
export function writeRouteList(manifest: Manifest, anchors: readonly RouteAnchor[], routes: readonly string[]): readonly TextEdit[] {
  const list = routeList(manifest.ref)
  if (list === undefined) return []
  const held = routeItems(manifest.value, routes)
  const wanted = anchors.flatMap((anchor) => anchor.items)
  const values = (place: 'front' | 'back'): readonly unknown[] => wanted.filter((item) => item.place === place).map((item) => item.value)
  const plain = held.filter((item) => item.route === undefined).map((item) => item.value)
  if (jsonEqual(held.map((item) => item.value), [...values('front'), ...plain, ...values('back')])) return []
  const pointer = `${manifest.base}/spec/${list}`
  const changes: Change[] = [
    ...held.filter((item) => item.route !== undefined).toReversed().map(({ index }): Change => ({ do: 'remove', pointer: `${pointer}/${index}` })),
    ...values('front').toReversed().map((value): Change => ({ do: 'insert', pointer: `${pointer}/0`, value })),
    ...values('back').map((value): Change => ({ do: 'set', pointer: `${pointer}/-`, value })),
  ]
  return editDocument(manifest.document, changes)
}
