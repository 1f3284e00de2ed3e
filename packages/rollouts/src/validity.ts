import { canonicalJson } from './fingerprint.ts'
import type { Pass } from './pass.ts'
import { HASH_LABEL } from './replica-set.ts'
import { MANAGED_BY, type Service } from './services.ts'
import { validate, type ValidationError } from './validate/index.ts'
import type { World } from './world.ts'

// The last verdicts: an exploration goes back and forth between a handful of specs and Ingresses.
const KEPT = 64
const verdicts = new Map<string, ValidationError | 'none'>()

// The last verdict on each spec, for as long as the very same parts are looked at: no text is made then.
interface Verdict { readonly on: string; readonly parts: readonly unknown[]; readonly fault: ValidationError | undefined }
const latest = new WeakMap<object, Verdict>()

/**
 * The controller's first error about the Rollout and what it refers to (controller.go getRolloutValidationErrors), read from the informer caches. Remembered for
 * as long as nothing that it looks at is different.
 */
export function firstFault({ rollout, client, profile }: Pass): ValidationError | undefined {
  const on = [profile.version, rollout.metadata.namespace ?? '', rollout.metadata.name].join('\n')
  const parts = lookedAt(client.cache)
  const last = latest.get(rollout.spec)
  if (last !== undefined && last.on === on && last.parts.length === parts.length && last.parts.every((part, i) => part === parts[i])) return last.fault
  const fault = faultByText([on, canonicalJson(rollout.spec), ...parts.map(canonicalJson)].join('\n'), () => validate(rollout, client.cache, profile)[0])
  latest.set(rollout.spec, { on, parts, fault })
  return fault
}

function faultByText(key: string, find: () => ValidationError | undefined): ValidationError | undefined {
  const known = verdicts.get(key)
  if (known !== undefined) return known === 'none' ? undefined : known
  const fault = find()
  verdicts.set(key, fault ?? 'none')
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
    else if (object.kind === 'Ingress') looked.push('Ingress', object.metadata.namespace, object.metadata.name, object['spec'])
    else if (!OWN.has(object.kind)) looked.push(object)
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
