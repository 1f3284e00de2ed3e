import { type KubeObject, refKey } from '@rollsync/manifests'
import type { PodTemplate, Rollout } from '../../rollout.ts'
import type { World } from '../../world.ts'
import { mapAt } from '../loose.ts'

/** A Rollout with the pod template (and selector) of its workloadRef, or why the reference leads nowhere. */
export type Resolution =
  | { readonly workload: 'none' | 'resolved'; readonly rollout: Rollout }
  | { readonly workload: 'unresolved'; readonly error: string; readonly rollout: Rollout }

interface Place { readonly resource: string; readonly template: readonly string[]; readonly selector?: readonly string[] }

// templateref.go:41 infoByGroupKind
const places = new Map<string, Place>([
  ['apps/Deployment', { resource: 'deployments.apps', template: ['spec', 'template'], selector: ['spec', 'selector'] }],
  ['apps/ReplicaSet', { resource: 'replicasets.apps', template: ['spec', 'template'], selector: ['spec', 'selector'] }],
  ['/PodTemplate', { resource: 'podtemplates', template: ['template'] }],
])

// types.go TemplateResolvedFromRef is a field that JSON does not have: it is kept beside the spec here too.
const resolvedSpecs = new WeakSet<object>()

/** The Rollout read once more, still knowing that its template came from its workloadRef. */
export function admittedAs(original: KubeObject, admitted: Rollout): Rollout {
  const spec = original['spec']
  if (typeof spec === 'object' && spec !== null && resolvedSpecs.has(spec)) resolvedSpecs.add(admitted.spec)
  return admitted
}

/** templateref.go:127 Resolve. A Rollout that it has resolved already is taken as it is. */
export function resolveWorkload(rollout: Rollout, world: World): Resolution {
  const ref = rollout.spec.workloadRef
  if (ref === undefined) return { workload: 'none', rollout }
  if (resolvedSpecs.has(rollout.spec)) return { workload: 'resolved', rollout }
  const unresolved = (error: string): Resolution => ({ workload: 'unresolved', error, rollout })
  const metadata = rollout.spec.template?.metadata
  if (Object.keys(metadata?.labels ?? {}).length + Object.keys(metadata?.annotations ?? {}).length > 0) return unresolved('template must be empty for workload reference rollout')
  const [version = '', group = ''] = (ref.apiVersion ?? '').split('/').reverse()
  const place = places.get(`${group}/${ref.kind ?? ''}`)
  if (place === undefined || version === '') return unresolved(`workload of type ${group}/${ref.kind ?? ''} is not supported`)
  const namespace = rollout.metadata.namespace ?? ''
  const object = world.get(refKey({ group, kind: ref.kind ?? '', namespace, name: ref.name ?? '' }))
  if (object === undefined) return unresolved(`${place.resource} "${namespace}/${ref.name ?? ''}" not found`)
  const template = at(object, place.template) as PodTemplate | undefined
  const selector = rollout.spec.selector ?? (place.selector === undefined ? undefined : at(object, place.selector) as Rollout['spec']['selector'])
  const spec = { ...rollout.spec, ...(template === undefined ? {} : { template }), ...(selector === undefined ? {} : { selector }) }
  resolvedSpecs.add(spec)
  return { workload: 'resolved', rollout: { ...rollout, spec } }
}

function at(object: KubeObject, path: readonly string[]): unknown {
  let value: unknown = object
  for (const key of path) value = mapAt(value, key)
  return value
}
