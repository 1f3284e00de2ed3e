import type { KubeObject, Pointer } from '@rollsync/manifests'
import type { RolloutsProfile } from '../profile.ts'
import { admitRollout } from '../rollout-shape.ts'
import type { World } from '../world.ts'
import { templateGaps } from './pod-template.ts'
import { referencedTemplates } from './references/analysis-templates.ts'
import { referencedMesh } from './references/app-mesh.ts'
import { referencedIngresses } from './references/ingresses.ts'
import { referencedMappings } from './references/mappings.ts'
import type { Referenced } from './references/referenced.ts'
import { referencedServices } from './references/services.ts'
import { referencedVirtualServices } from './references/virtual-services.ts'
import { admittedAs, type Resolution, resolveWorkload } from './references/workload.ts'
import { validateRolloutSpec } from './rollout-spec.ts'
import { conditionMessage, type Subject, type ValidationError } from './validation-error.ts'
import { validationTexts } from './validation-texts.ts'

export type { ValidationError } from './validation-error.ts'

/**
 * What the controller finds wrong with a Rollout and the objects it refers to (controller.go getRolloutValidationErrors). The first element is what it reports; the others are
 * what it would report once those before are mended. What a panic hides comes after it. Throws a RolloutsError `malformed-object` where the Rollout does not fit its type.
 */
export function validate(rollout: KubeObject, world: World, profile: RolloutsProfile): readonly ValidationError[] {
  const texts = validationTexts(profile.version)
  const subject: Subject = { rollout, texts }
  const resolution = resolveWorkload(admittedAs(rollout, admitRollout(rollout, profile)), world)
  const unresolved = resolution.workload === 'unresolved' ? [workloadError(subject, resolution.error)] : []
  const spec = validateRolloutSpec(subject, resolution.rollout, resolution.workload)
  const references = validateReferences(subject, resolution, world)
  return texts.workloadRef === 'first' ? [...unresolved, ...spec, ...references] : [...spec, ...references, ...unresolved]
}

/** The places of the Rollout's pod template that the controller validates and this model does not: whether it accepts them is unverified. */
export function unverifiedPlaces(rollout: KubeObject, world: World, profile: RolloutsProfile): readonly Pointer[] {
  const resolution = resolveWorkload(admittedAs(rollout, admitRollout(rollout, profile)), world)
  return resolution.workload === 'none' ? templateGaps(resolution.rollout) : []
}

/** controller.go:562: the condition holds the resolver's own words, without a field. */
function workloadError(subject: Subject, error: string): ValidationError {
  return { outcome: 'invalid', field: 'spec.workloadRef', error, message: conditionMessage(subject.rollout, error), pointer: '/spec/workloadRef', object: refOfRollout(subject) }
}

function refOfRollout({ rollout }: Subject): ValidationError['object'] {
  return { group: 'argoproj.io', kind: 'Rollout', namespace: rollout.metadata.namespace ?? '', name: rollout.metadata.name }
}

/** controller.go:644 getRolloutReferencedResources, all of it, then validation_references.go:71 ValidateRolloutReferencedResources. */
function validateReferences(subject: Subject, { rollout }: Resolution, world: World): readonly ValidationError[] {
  const found: readonly Referenced[] = [referencedServices, referencedTemplates, referencedIngresses, referencedVirtualServices, referencedMappings, referencedMesh]
    .map((find) => find(subject, rollout, world))
  const wrong = found.flatMap((referenced) => referenced.wrong)
  // A panic ends the sync before any error found earlier in the same pass is returned.
  const panics = wrong.filter(({ outcome }) => outcome === 'panic')
  return [...found.flatMap((referenced) => referenced.missing), ...panics, ...wrong.filter((error) => !panics.includes(error))]
}
