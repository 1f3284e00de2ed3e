import type { CompareMode } from '@rollsync/argocd'
import { isMap, jsonEqual, type KubeObject, toPointer, valueAt } from '@rollsync/manifests'
import type { Pair } from '../canary-case.ts'
import type { IgnoreRule } from '../ignore-rule.ts'
import type { DeriveContext, FieldPath, ObjectKind } from './object-kind.ts'

/** Something of the controller's in an object: how a jq expression finds it, and where it stands. `what` goes on from "the controller changes". */
export interface OwnedPlace {
  readonly what: string
  readonly expression: string
  readonly at: (object: KubeObject) => readonly FieldPath[]
}

/** A kind whose rule is one expression over those of its places that differ at some moment. */
export function kindOfPlaces(holds: ObjectKind['holds'], placesOf: (object: KubeObject, context: DeriveContext) => readonly OwnedPlace[]): ObjectKind {
  return {
    holds,
    derive: (pairs, context) => deriveByPlaces(pairs, pairs[0] === undefined ? [] : placesOf(pairs[0].target, context), context.mode),
    owned: (object, context) => placesOf(object, context).flatMap((place) => place.at(object)),
  }
}

function deriveByPlaces(pairs: readonly Pair[], places: readonly OwnedPlace[], mode: CompareMode): readonly IgnoreRule[] {
  const [first] = pairs
  const changed = places.filter((place) => pairs.some((pair) => differs(pair, place, mode)))
  if (first === undefined || changed.length === 0) return []
  const [only] = changed
  return [{
    resource: first.resource,
    by: 'jq',
    expression: changed.length === 1 && only !== undefined ? only.expression : changed.map((place) => `(${place.expression})`).join(', '),
    because: `the controller changes ${changed.map((place) => place.what).join(' and ')}`,
    moments: pairs.filter((pair) => changed.some((place) => differs(pair, place, mode))).flatMap((pair) => pair.moments),
  }]
}

/** By what stands there, not by where: a route put in front moves the others. A three-way comparison does not see what only the live object has (json.go RemoveMapFields). */
function differs({ target, live }: Pair, { at }: OwnedPlace, mode: CompareMode): boolean {
  const values = (object: KubeObject): readonly unknown[] => at(object).map((path) => valueAt(object, toPointer(path)))
  const [inGit, inCluster] = [values(target), values(live)]
  if (inGit.length !== inCluster.length) return true
  return inGit.some((value, index) => (value === undefined && mode === 'legacy' ? false : !jsonEqual(value ?? null, inCluster[index] ?? null)))
}

/** The maps of a list with their places; nothing where there is no list. */
export function itemsAt(object: unknown, path: FieldPath): readonly { readonly path: FieldPath; readonly item: Readonly<Record<string, unknown>> }[] {
  const list = valueAt(object, toPointer(path))
  return (Array.isArray(list) ? list : []).flatMap((item: unknown, index) => (isMap(item) ? [{ path: [...path, index], item }] : []))
}

/** `select(.name=="a" or .name=="b")`, for texts of any characters. */
export function selectAny(field: string, texts: readonly string[]): string {
  return `select(${texts.map((text) => `${field}==${JSON.stringify(text)}`).join(' or ')})`
}
