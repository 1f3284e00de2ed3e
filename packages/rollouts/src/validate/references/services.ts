import type { KubeObject } from '@rollsync/manifests'
import type { Rollout } from '../../rollout.ts'
import type { World } from '../../world.ts'
import { fieldPath, type FieldPath } from '../field-path.ts'
import { textsAt } from '../loose.ts'
import { invalid, type Subject, type ValidationError } from '../validation-error.ts'
import { lookup, service } from './lookup.ts'
import type { Referenced } from './referenced.ts'

/** controller.go:764 getReferencedServices, and what ValidateService says of each. */
export function referencedServices(subject: Subject, rollout: Rollout, world: World): Referenced {
  const missing: ValidationError[] = []
  const wrong: ValidationError[] = []
  for (const [path, name] of namedServices(rollout)) {
    if (name === '') continue
    const answer = lookup(world, service, rollout.metadata.namespace ?? '', name)
    if (answer.found === 'no') missing.push(invalid(subject, path, name, answer.error))
    else wrong.push(...validateService(subject, rollout, answer.object, path))
  }
  return { missing, wrong }
}

function namedServices(rollout: Rollout): readonly (readonly [FieldPath, string])[] {
  const { blueGreen, canary } = rollout.spec.strategy
  const path = (...names: readonly string[]): FieldPath => fieldPath('spec', 'strategy', ...names)
  if (blueGreen !== undefined) return [[path('blueGreen', 'activeService'), blueGreen.activeService], [path('blueGreen', 'previewService'), blueGreen.previewService ?? '']]
  return [
    [path('canary', 'stableService'), canary?.stableService ?? ''], [path('canary', 'canaryService'), canary?.canaryService ?? ''],
    [path('canary', 'pingPong', 'pingService'), canary?.pingPong?.pingService ?? ''], [path('canary', 'pingPong', 'pongService'), canary?.pingPong?.pongService ?? ''],
  ]
}

/** validation_references.go:94 ValidateService. Go looks at the selector in random order; here by key. */
function validateService(subject: Subject, rollout: Rollout, object: KubeObject, path: FieldPath): readonly ValidationError[] {
  const name = object.metadata.name
  const labels = textsAt(rollout.spec.template?.metadata, 'labels')
  // A template that the workloadRef does not lead to is not known yet, unless this version looks at the reference last.
  const isUnknown = rollout.spec.workloadRef !== undefined && rollout.spec.template === undefined && subject.texts.workloadRef === 'first'
  const errors = isUnknown ? [] : Object.entries(textsAt(object['spec'], 'selector')).sort(([a], [b]) => (a < b ? -1 : 1))
    .filter(([key, value]) => key !== 'rollouts-pod-template-hash' && !(Object.hasOwn(labels, key) && labels[key] === value))
    .map(([key]) => invalid(subject, path, name, `Service "${name}" has unmatch label "${key}" in rollout`))
  const manager = textsAt(object.metadata, 'annotations')['argo-rollouts.argoproj.io/managed-by-rollouts']
  if (manager === undefined || manager === rollout.metadata.name) return errors
  return [...errors, invalid(subject, path, name, `Service "${name}" is managed by another Rollout`)]
}
