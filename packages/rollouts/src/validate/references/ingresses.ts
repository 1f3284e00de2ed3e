import type { KubeObject } from '@rollsync/manifests'
import { NIL_POINTER } from '../../controller-failure.ts'
import type { CanaryStrategy, Rollout } from '../../rollout.ts'
import type { World } from '../../world.ts'
import { child, editedAt, fieldPath, type FieldPath, item } from '../field-path.ts'
import { textList } from '../go-types.ts'
import { listAt, mapAt, textAt } from '../loose.ts'
import { invalid, panicked, type Subject, type ValidationError, withoutValue } from '../validation-error.ts'
import { ingress as ingressKind, lookup } from './lookup.ts'
import type { Referenced } from './referenced.ts'

const trafficRouting = fieldPath('spec', 'strategy', 'canary', 'trafficRouting')

interface Named {
  readonly router: 'nginx' | 'alb'
  readonly one: { readonly field: string; readonly name: string | undefined }
  readonly many: { readonly field: string; readonly names: readonly string[] | undefined }
  readonly words: readonly [one: string, many: string]
}

function namedIngresses(canary: CanaryStrategy, router: 'nginx' | 'alb'): Named | undefined {
  const config = canary.trafficRouting?.[router] as Readonly<Record<string, unknown>> | undefined
  if (config === undefined) return undefined
  const [one, many, words] = router === 'alb' ? ['ingress', 'ingresses', ['Ingress', 'Ingresses']] as const : ['stableIngress', 'stableIngresses', ['StableIngress', 'StableIngresses']] as const
  return { router, one: { field: one, name: config[one] as string | undefined }, many: { field: many, names: config[many] as readonly string[] | undefined }, words }
}

/** controller.go:927 getReferencedIngresses with the checks before it (validation_references.go:298 and :323), and ValidateIngress. */
export function referencedIngresses(subject: Subject, rollout: Rollout, world: World): Referenced {
  const canary = rollout.spec.strategy.canary
  if (canary === undefined) return { missing: [], wrong: [] }
  const nginx = namedIngresses(canary, 'nginx')
  const alb = namedIngresses(canary, 'alb')
  const config = [nginx, alb].flatMap((named) => named === undefined ? [] : validateConfig(subject, named))
  // controller.go:931: with both routers only ALB's Ingresses are looked at.
  const named = alb ?? nginx
  if (named === undefined || config.some(({ field }) => field.endsWith(named.router))) return { missing: config, wrong: [] }
  const found = findIngresses(subject, rollout, world, named)
  return { missing: [...config, ...found.missing], wrong: found.objects.flatMap((object) => validateIngress(subject, canary, nginx, alb, object)) }
}

function validateConfig(subject: Subject, { router, one, many, words }: Named): readonly ValidationError[] {
  const single = one.name !== undefined && one.name !== ''
  if (single !== (many.names !== undefined)) return []
  const text = `Either ${words[0]} or ${words[1]} must be configured. ${single ? 'Both' : 'Neither'} are configured.`
  return [withoutValue(subject, child(trafficRouting, router), 'Internal error', text)]
}

interface Found { readonly missing: readonly ValidationError[]; readonly objects: readonly KubeObject[] }

/** controller.go:940 and :964: of several Ingresses the whole list is printed. */
function findIngresses(subject: Subject, rollout: Rollout, world: World, { router, one, many }: Named): Found {
  const missing: ValidationError[] = []
  const objects: KubeObject[] = []
  const at = child(trafficRouting, router)
  for (const [index, name] of (many.names ?? [one.name ?? '']).entries()) {
    const answer = lookup(world, ingressKind, rollout.metadata.namespace ?? '', name)
    if (answer.found === 'yes') { objects.push(answer.object); continue }
    // controller.go:948: the list of nginx is named as its Go field.
    const list = editedAt(child(at, router === 'nginx' ? 'StableIngresses' : many.field), child(at, many.field))
    missing.push(many.names === undefined ? invalid(subject, child(at, one.field), name, answer.error)
      : invalid(subject, { field: list.field, pointer: item(list, index).pointer }, { value: many.names, type: textList }, answer.error))
  }
  return { missing, objects }
}

/** validation_references.go:220 ValidateIngress */
function validateIngress(subject: Subject, canary: CanaryStrategy, nginx: Named | undefined, alb: Named | undefined, object: KubeObject): readonly ValidationError[] {
  const owns = (named: Named | undefined): named is Named => named !== undefined &&
    (subject.texts.ingressRouter === 'nginx-first' || named.one.name === object.metadata.name || (named.many.names ?? []).includes(object.metadata.name))
  const named = [nginx, alb].find(owns)
  if (named === undefined) return []
  const root = named.router === 'alb' ? canary.trafficRouting?.alb?.rootService ?? '' : ''
  const serviceName = root === '' ? canary.stableService ?? '' : root
  const listed = (named.many.names ?? []).indexOf(object.metadata.name)
  const at = child(trafficRouting, named.router, listed < 0 ? named.one.field : named.many.field)
  return reportErrors(subject, object, serviceName, listed < 0 ? named.one.name ?? '' : object.metadata.name, at)
}

/** utils/ingress/ingress.go:169 HasRuleWithService: a resource backend before the service is a nil pointer. */
function reportErrors(subject: Subject, object: KubeObject, serviceName: string, ingressName: string, path: FieldPath): readonly ValidationError[] {
  for (const [rule, entry] of (listAt(object['spec'], 'rules') ?? []).entries()) {
    for (const [index, route] of (listAt(mapAt(entry, 'http'), 'paths') ?? []).entries()) {
      const backend = mapAt(mapAt(route, 'backend'), 'service')
      if (backend === undefined) {
        return [panicked(object, `/spec/rules/${rule}/http/paths/${index}/backend`, NIL_POINTER, 'utils/ingress.hasIngressRuleWithService')]
      }
      if (textAt(backend, 'name') === serviceName) return []
    }
  }
  return [invalid(subject, path, ingressName, `ingress \`${object.metadata.name}\` has no rules using service ${serviceName} backend`)]
}
