/** What the controller does that its documentation does not lead one to expect, and that this simulation shows where it happens. */
export type QuirkId =
  | 'stale-read' | 'later-ingress-skipped' | 'bookkeeping-lost' | 'header-route-skipped' | 'header-route-not-reasserted' | 'flapping' | 'hot-loop' | 'recovered-panic'
  | 'route-without-annotations'
  | 'foreign-plugin' | 'weights-on-mirror-only' | 'unnamed-routes-doubled' | 'subset-dropped' | 'destination-dropped' | 'later-virtual-service-skipped' | 'foreign-labels-removed'
  | 'foreign-rule-removed'

export interface Quirk {
  readonly id: QuirkId
  /** The object it shows on, as `Kind name`. */
  readonly on: string
}

const source = 'https://github.com/argoproj/argo-rollouts/blob/v1.10.2/'

/** One line for a person and the upstream lines, by id. */
export const quirks: Readonly<Record<QuirkId, { readonly line: string; readonly upstream: string }>> = {
  'stale-read': {
    line: 'two calls of one sync read the same copy of the Ingress: the second patch does not know of the first',
    upstream: `${source}rollout/trafficrouting/alb/alb.go#L87`,
  },
  'later-ingress-skipped': {
    line: 'an Ingress that needs no change ends the loop: the Ingresses after it are not looked at',
    upstream: `${source}rollout/trafficrouting/alb/alb.go#L111`,
  },
  'bookkeeping-lost': {
    line: 'the header keys are dropped from managed-alb-annotations, because SetWeight wrote the list from a stale copy; the route itself stays',
    upstream: `${source}rollout/trafficrouting/alb/alb.go#L448`,
  },
  'header-route-skipped': {
    line: 'the step setHeaderRoute is completed without the route being set, because the stable ReplicaSet lacks available pods; it is not set later',
    upstream: `${source}rollout/trafficrouting.go#L276`,
  },
  'header-route-not-reasserted': {
    line: 'the header route is gone and the controller does not put it back: it sets a route only while the step setHeaderRoute is the current one',
    upstream: `${source}rollout/trafficrouting.go#L281`,
  },
  flapping: {
    line: 'the state comes back for ever: one part of a sync undoes what another one does',
    upstream: `${source}rollout/trafficrouting.go#L230`,
  },
  'hot-loop': {
    line: 'every sync repeats the same writes, and each of them wakes the next sync',
    upstream: `${source}rollout/service.go#L279`,
  },
  'recovered-panic': {
    line: 'the controller panics in every sync and recovers; what it wrote before stays, what comes after is never done',
    upstream: `${source}utils/controller/controller.go#L148`,
  },
  'route-without-annotations': {
    line: 'a header path is in the Ingress without its action: the load balancer answers 503 for every request that reaches it',
    upstream: `${source}rollout/trafficrouting/alb/alb.go#L162`,
  },
  'foreign-plugin': {
    line: 'a traffic router plugin that is not modelled: what it writes is unknown, and nothing of it is simulated',
    upstream: `${source}rollout/trafficrouting/plugin/plugin.go`,
  },
  'weights-on-mirror-only': {
    line: 'with a mirror route and no routes named in the Rollout, SetWeight changes the mirror route alone: the main route keeps its weights',
    upstream: `${source}rollout/trafficrouting/istio/istio.go#L150`,
  },
  'unnamed-routes-doubled': {
    line: 'of two HTTP routes without a name, or of one name, each is written twice when the managed routes are put in order',
    upstream: `${source}rollout/trafficrouting/istio/istio.go#L1522`,
  },
  'subset-dropped': {
    line: 'a subset of the DestinationRule that is neither stable, canary nor an experiment is dropped, those of additionalSubsetNames too',
    upstream: `${source}rollout/trafficrouting/istio/istio.go#L433`,
  },
  'destination-dropped': {
    line: 'a destination of the route that leads to neither service is removed, unless its weight is 0',
    upstream: `${source}rollout/trafficrouting/istio/istio.go#L243`,
  },
  'later-virtual-service-skipped': {
    line: 'a VirtualService without HTTP routes, or without anything to remove, ends the loop: those after it keep their managed routes',
    upstream: `${source}rollout/trafficrouting/istio/istio.go#L1586`,
  },
  'foreign-labels-removed': {
    line: 'labels that others put on the canary Ingress are removed, because the wanted one has none',
    upstream: `${source}rollout/trafficrouting/nginx/nginx.go#L330`,
  },
  'foreign-rule-removed': {
    line: 'a rule of the route whose only backend is the canary service counts as the plugin\'s own and is removed',
    upstream: `https://github.com/argoproj-labs/rollouts-plugin-trafficrouter-gatewayapi/blob/v0.15.0/pkg/plugin/httproute.go`,
  },
}

/** A quirk in one line with the link to the upstream code. */
export function describeQuirk(quirk: Quirk): string {
  return `${quirk.on}: ${quirks[quirk.id].line} (${quirks[quirk.id].upstream})`
}
