import type { CanaryStep, Rollout } from '../rollout.ts'
import { child, type FieldPath } from './field-path.ts'
import { analysisRunArguments } from './go-types.ts'
import { isQualifiedName } from './kube-names.ts'
import { invalid, type Subject, type ValidationError } from './validation-error.ts'

interface Argument {
  readonly name?: string
  readonly valueFrom?: { readonly fieldRef?: { readonly fieldPath?: string } }
}

/** validation.go:417: the metadata paths that arguments of a step's analyses refer to. One error for each bad argument, each printing all of them. */
export function validateStepArguments(subject: Subject, _rollout: Rollout, step: CanaryStep, path: FieldPath): readonly ValidationError[] {
  const analyses = (step.experiment?.['analyses'] ?? []) as readonly { readonly args?: readonly Argument[] }[]
  const all = [...analyses.flatMap((analysis) => analysis.args ?? []), ...((step.analysis?.args ?? []) as readonly Argument[])]
  const at: FieldPath = { field: child(path, 'analyses').field, pointer: child(path, step.analysis === undefined ? 'experiment' : 'analysis').pointer }
  return all.filter(({ valueFrom }) => isBadPath(valueFrom?.fieldRef?.fieldPath)).map(() =>
    invalid(subject, at, { value: all, type: analysisRunArguments }, 'Analyses arguments must refer to valid object metadata supported by downwardAPI'))
}

const plain = new Set(['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'])

/** k8s.io/kubernetes pkg/fieldpath ExtractFieldPathAsString */
export function isBadPath(fieldPath: string | undefined): boolean {
  if (fieldPath === undefined || !fieldPath.startsWith('metadata')) return false
  const subscript = /^(.+?)\['(.*)'\]$/s.exec(fieldPath)
  if (subscript === null) return !plain.has(fieldPath)
  const [, name = '', key = ''] = subscript
  if (name === 'metadata.annotations') return isQualifiedName(key.toLowerCase()).length > 0
  return name !== 'metadata.labels' || isQualifiedName(key).length > 0
}
