import type { Pointer } from '@rollsync/manifests'
import { child, type FieldPath, item } from './field-path.ts'
import { isDns1123Label, isDns1123Subdomain, isQualifiedName, isValidLabelValue } from './kube-names.ts'
import { selectorAt, validateLabelSelector, validateOperator } from './labels.ts'
import { fieldAt, type Json, listAt, mapAt, numberAt, textAt } from './loose.ts'
import { invalid, type Subject, type ValidationError, withoutValue } from './validation-error.ts'

const required = 'requiredDuringSchedulingIgnoredDuringExecution'
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution'
const podKinds = ['podAffinity', 'podAntiAffinity'] as const

/** core/validation validateAffinity */
export function validateAffinity(subject: Subject, affinity: Json | undefined, path: FieldPath): readonly ValidationError[] {
  const node = mapAt(affinity, 'nodeAffinity')
  const at = child(path, 'nodeAffinity')
  return [
    ...validateRequiredNodes(subject, mapAt(node, required), child(at, required, 'nodeSelectorTerms')),
    ...(listAt(node, preferred) ?? []).flatMap((term, index) => {
      const each = item(child(at, preferred), index)
      return [...validateWeight(subject, term, each), ...validateNodeTerm(subject, mapAt(term, 'preference'), false, child(each, 'preference'))]
    }),
    ...podKinds.flatMap((kind) => validatePodAffinity(subject, mapAt(affinity, kind), child(path, kind))),
  ]
}

function validateRequiredNodes(subject: Subject, selector: Json | undefined, path: FieldPath): readonly ValidationError[] {
  if (selector === undefined) return []
  const terms = listAt(selector, 'nodeSelectorTerms') ?? []
  if (terms.length === 0) return [withoutValue(subject, path, 'Required value', 'must have at least one node selector term')]
  return terms.flatMap((term, index) => validateNodeTerm(subject, term, subject.texts.nodeValues, item(path, index)))
}

function validateWeight(subject: Subject, term: unknown, path: FieldPath): readonly ValidationError[] {
  const weight = numberAt(term, 'weight') ?? 0
  return weight >= 1 && weight <= 100 ? [] : [invalid(subject, child(path, 'weight'), weight, 'must be in the range 1-100')]
}

/** core/validation ValidateNodeSelectorTerm; `values`: whether they have to be labels' values. */
function validateNodeTerm(subject: Subject, term: unknown, values: boolean, path: FieldPath): readonly ValidationError[] {
  return [
    ...(listAt(term, 'matchExpressions') ?? []).flatMap((entry, index) => validateNodeExpression(subject, entry, values, item(child(path, 'matchExpressions'), index))),
    ...(listAt(term, 'matchFields') ?? []).flatMap((entry, index) => validateNodeField(subject, entry, item(child(path, 'matchFields'), index))),
  ]
}

function validateNodeExpression(subject: Subject, expression: unknown, values: boolean, path: FieldPath): readonly ValidationError[] {
  const [key, operator, listed] = [textAt(expression, 'key'), textAt(expression, 'operator'), valuesOf(expression)]
  const single = ['Gt', 'Lt'].includes(operator)
  return [
    ...(single ? [] : validateOperator(subject, operator, listed, path)),
    ...(single && listed.length !== 1 ? [withoutValue(subject, child(path, 'values'), 'Required value', "must be specified single value when `operator` is 'Lt' or 'Gt'")] : []),
    ...isQualifiedName(key).map((message) => invalid(subject, child(path, 'key'), key, message)),
    ...(values ? listed.flatMap((value, index) => isValidLabelValue(value).map((message) => invalid(subject, item(child(path, 'values'), index), value, message))) : []),
  ]
}

/** core/validation ValidateNodeFieldSelectorRequirement */
function validateNodeField(subject: Subject, requirement: unknown, path: FieldPath): readonly ValidationError[] {
  const [key, operator, listed] = [textAt(requirement, 'key'), textAt(requirement, 'operator'), valuesOf(requirement)]
  const known = ['In', 'NotIn'].includes(operator)
  return [
    ...(known ? [] : [invalid(subject, child(path, 'operator'), operator, 'not a valid selector operator')]),
    ...(known && listed.length !== 1
      ? [withoutValue(subject, child(path, 'values'), 'Required value', "must be only one value when `operator` is 'In' or 'NotIn' for node field selector")] : []),
    ...(key === 'metadata.name'
      ? listed.flatMap((value, index) => isDns1123Subdomain(value).map((message) => invalid(subject, item(child(path, 'values'), index), value, message)))
      : [invalid(subject, child(path, 'key'), key, 'not a valid field selector key')]),
  ]
}

function valuesOf(requirement: unknown): readonly string[] {
  return (listAt(requirement, 'values') ?? []).filter((value) => typeof value === 'string')
}

function validatePodAffinity(subject: Subject, affinity: Json | undefined, path: FieldPath): readonly ValidationError[] {
  return [
    ...(listAt(affinity, required) ?? []).flatMap((term, index) => validatePodTerm(subject, term, item(child(path, required), index))),
    ...(listAt(affinity, preferred) ?? []).flatMap((term, index) => {
      const at = item(child(path, preferred), index)
      return [...validateWeight(subject, term, at), ...validatePodTerm(subject, mapAt(term, 'podAffinityTerm'), child(at, 'podAffinityTerm'))]
    }),
  ]
}

/** core/validation validatePodAffinityTerm */
function validatePodTerm(subject: Subject, term: unknown, path: FieldPath): readonly ValidationError[] {
  const key = textAt(term, 'topologyKey')
  const namespaces = (listAt(term, 'namespaces') ?? []).filter((name) => typeof name === 'string')
  return [
    ...(['labelSelector', 'namespaceSelector'] as const).flatMap((name) => validateLabelSelector(subject, selectorAt(term, name), child(path, name))),
    ...namespaces.flatMap((name, index) => isDns1123Label(name, subject.texts.labelDots)
      .map((message) => invalid(subject, { field: child(path, 'namespace').field, pointer: item(child(path, 'namespaces'), index).pointer }, name, message))),
    ...(key === '' ? [withoutValue(subject, child(path, 'topologyKey'), 'Required value', 'can not be empty')] : []),
    ...isQualifiedName(key).map((message) => invalid(subject, child(path, 'topologyKey'), key, message)),
  ]
}

/** matchLabelKeys and mismatchLabelKeys are not modelled. */
export function affinityGaps(affinity: Json | undefined, path: FieldPath): readonly Pointer[] {
  return podKinds.flatMap((kind) => {
    const at = child(path, kind)
    const pods = mapAt(affinity, kind)
    return [
      ...(listAt(pods, required) ?? []).flatMap((term, index) => labelKeyGaps(term, item(child(at, required), index))),
      ...(listAt(pods, preferred) ?? []).flatMap((term, index) => labelKeyGaps(mapAt(term, 'podAffinityTerm'), child(item(child(at, preferred), index), 'podAffinityTerm'))),
    ]
  })
}

/** What the library says of label keys is not modelled. */
export function labelKeyGaps(term: unknown, path: FieldPath): readonly Pointer[] {
  return ['matchLabelKeys', 'mismatchLabelKeys'].filter((key) => fieldAt(term, key) !== undefined).map((key) => child(path, key).pointer)
}
