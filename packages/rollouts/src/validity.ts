import { canonicalJson } from './fingerprint.ts'
import type { Pass } from './pass.ts'
import { HASH_LABEL } from './replica-set.ts'
import { MANAGED_BY, type Service } from './services.ts'
import { validate, type ValidationError } from './validate/index.ts'
import type { World } from './world.ts'

interface Verdict { readonly looked: readonly unknown[]; readonly fault: ValidationError | undefined }

// The last few Rollouts that were looked at: an exploration goes back and forth between a handful of specs.
const KEPT = 16
const verdicts = new Map<string, Verdict>()

/**
 * The controller's first error about the Rollout and what it refers to (controller.go getRolloutValidationErrors), read from the informer caches. Remembered per spec for as
 * long as nothing that it looks at is another object.
 */
export function firstFault({ rollout, client, profile }: Pass): ValidationError | undefined {
  const looked = lookedAt(client.cache)
  const key = `${profile.version} ${rollout.metadata.namespace ?? ''}/${rollout.metadata.name} ${canonicalJson(rollout.spec)}`
  const known = verdicts.get(key)
  if (known !== undefined && isSame(known.looked, looked)) return known.fault
  const fault = validate(rollout, client.cache, profile)[0]
  verdicts.delete(key)
  verdicts.set(key, { looked, fault })
  for (const oldest of verdicts.keys()) {
    if (verdicts.size <= KEPT) break
    verdicts.delete(oldest)
  }
  return fault
}

const OWN: ReadonlySet<string> = new Set(['Rollout', 'ReplicaSet', 'AnalysisRun', 'Experiment'])

// Of an Ingress its spec, of a Service whom it belongs to and its own part of the selector: what the controller writes with every weight and switch is not validated.
function lookedAt(world: World): readonly unknown[] {
  const looked: unknown[] = []
  for (const object of world.values()) {
    if (object.kind === 'Service') looked.push(serviceText(object as Service))
    else if (!OWN.has(object.kind)) looked.push(object.kind === 'Ingress' ? object['spec'] : object)
  }
  return looked
}

const serviceTexts = new WeakMap<Service, string>()

function serviceText(service: Service): string {
  const known = serviceTexts.get(service)
  if (known !== undefined) return known
  const { [HASH_LABEL]: _, ...selector } = service.spec?.selector ?? {}
  const text = canonicalJson([service.metadata.namespace, service.metadata.name, service.metadata.annotations?.[MANAGED_BY], selector])
  serviceTexts.set(service, text)
  return text
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i])
}
