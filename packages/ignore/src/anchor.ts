import { isMap, type KubeObject, refKey, refOf, type ResourceRef } from '@rollsync/manifests'
import type { JudgedState } from './canary-case.ts'
import { type AlbSettings, pathsOfIngress, routeKeys, routeParts } from './routes.ts'

/** One managed route as Git must hold it in one Ingress: the controller's own bytes. `paths` holds, per index of `spec.rules`, what stands in front of that rule's paths. */
export interface Anchor {
  readonly ingress: ResourceRef
  readonly route: string
  readonly paths: readonly { readonly rule: number; readonly value: Readonly<Record<string, unknown>> }[]
  readonly annotations: readonly { readonly key: string; readonly value: string }[]
  /** The first moment at which the route is live so. */
  readonly moment: string
}

/** A route that cannot be kept in Git, and why. */
export interface NoAnchor {
  readonly ingress: ResourceRef
  readonly route: string
  readonly why: string
}

/**
 * What Git must hold of each managed route, read off simulated states of a Git without it: never put together here. Routes in managedRoutes order, one entry per Ingress. A route whose
 * condition changes from step to step has no anchor: a sync would bring the other step's condition back.
 */
export function anchorsOf(ingress: KubeObject, states: readonly JudgedState[], alb: AlbSettings): readonly (Anchor | NoAnchor)[] {
  const ref = refOf(ingress)
  return alb.managedRoutes.flatMap((route): readonly (Anchor | NoAnchor)[] => {
    const seen = new Map<string, Anchor>()
    for (const state of states) {
      const live = state.live.get(refKey(ref))
      const anchor = live === undefined ? undefined : anchorIn(live, route, alb, state.moment)
      if (anchor !== undefined) seen.set(JSON.stringify([anchor.paths, anchor.annotations]), seen.get(JSON.stringify([anchor.paths, anchor.annotations])) ?? anchor)
    }
    const forms = [...seen.values()]
    if (forms.length === 0) return []
    if (forms.length === 1) return forms
    const why = `it has ${forms.length} forms (${forms.map((form) => form.moment).join('; ')}), and Git can hold one: use one route name per form`
    return [{ ingress: ref, route, why }]
  })
}

function anchorIn(live: KubeObject, route: string, alb: AlbSettings, moment: string): Anchor | undefined {
  const { paths, action, condition } = routeParts(live, route, alb.prefix)
  if (paths.length === 0 || action === undefined || condition === undefined) return undefined
  const keys = routeKeys(route, alb.prefix)
  return {
    ingress: refOf(live),
    route,
    paths: paths.map(({ rule, value }) => ({ rule, value })),
    annotations: [{ key: keys.action, value: action }, { key: keys.condition, value: condition }],
    moment,
  }
}

/** The Ingress as Git holds it without any part of the Rollout's managed routes. */
export function withoutRoutes(ingress: KubeObject, alb: AlbSettings): KubeObject {
  const drop = new Set<unknown>(pathsOfIngress(ingress).filter((path) => alb.managedRoutes.includes(path.service)).map((path) => path.value))
  const keys = new Set(alb.managedRoutes.flatMap((route) => Object.values(routeKeys(route, alb.prefix))))
  const { annotations, ...metadata } = ingress.metadata
  const kept = annotations === undefined || annotations === null ? {} : { annotations: Object.fromEntries(Object.entries(annotations).filter(([key]) => !keys.has(key))) }
  return { ...ingress, metadata: { ...metadata, ...kept }, spec: withoutPaths(ingress['spec'], drop) }
}

function withoutPaths(value: unknown, drop: ReadonlySet<unknown>): unknown {
  if (Array.isArray(value)) return value.filter((item) => !drop.has(item)).map((item: unknown) => withoutPaths(item, drop))
  return isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutPaths(inner, drop)])) : value
}
