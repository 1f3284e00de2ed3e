import type { Rollout } from '../../rollout.ts'
import type { World } from '../../world.ts'
import { fieldPath, item } from '../field-path.ts'
import { fieldAt } from '../loose.ts'
import { invalid, mendedIn, type Subject, type ValidationError } from '../validation-error.ts'
import { lookup, mapping } from './lookup.ts'
import type { Referenced } from './referenced.ts'

const path = fieldPath('spec', 'strategy', 'canary', 'trafficRouting', 'ambassador', 'mappings')

/** controller.go:737 getAmbassadorMappings and validation_references.go:456 ValidateAmbassadorMapping */
export function referencedMappings(subject: Subject, rollout: Rollout, world: World): Referenced {
  const ambassador = rollout.spec.strategy.canary?.trafficRouting?.['ambassador'] as { readonly mappings?: readonly string[] | null } | undefined
  if (ambassador === undefined) return { missing: [], wrong: [] }
  const names = ambassador.mappings ?? []
  if (names.length === 0) return { missing: [invalid(subject, path, null, 'must provide at least one mapping')], wrong: [] }
  const missing: ValidationError[] = []
  const wrong: ValidationError[] = []
  for (const [index, name] of names.entries()) {
    const answer = lookup(world, mapping, rollout.metadata.namespace ?? '', name)
    if (answer.found === 'no') missing.push(invalid(subject, { field: path.field, pointer: item(path, index).pointer }, name, answer.error))
    else if (weightOf(answer.object['spec']) !== 0) {
      const error = invalid(subject, fieldPath('spec', 'weight'), name, `Ambassador mapping "${name}" can not define weight`)
      wrong.push(mendedIn(error, answer.object, '/spec/weight'))
    }
  }
  return { missing, wrong }
}

/** ambassador.go GetMappingWeight: a whole number; anything else counts as 0. */
function weightOf(spec: unknown): number {
  const weight = fieldAt(spec, 'weight')
  return typeof weight === 'number' && Number.isSafeInteger(weight) ? weight : 0
}
