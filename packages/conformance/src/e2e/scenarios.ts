import type { IgnoreDifference } from '@rollsync/argocd'
import type { KubeObject } from '@rollsync/manifests'
import { anchor, anchored, anchorRule, headerStep, images, ingress, rollout, route, service, services, teamRule } from './base-canary.ts'
import type { LiveEvent, Scenario, ScenarioApplication } from './scenario.ts'

const label = (team: string): LiveEvent => ({ do: 'commit', kind: 'Service', name: 'active', patch: { metadata: { labels: { team } } } })
const ingressCommit: LiveEvent = { do: 'commit', kind: 'Ingress', name: 'web', patch: { metadata: { annotations: { 'alb.ingress.kubernetes.io/group.order': '7' } } } }
const release: LiveEvent = { do: 'commit', image: images.after }
const revert: LiveEvent = { do: 'revert', to: images.before, rollout: 'web' }
/** A release, a commit to another manifest and one to the Ingress while the canary rests at its first pause, an undo in the cluster, the image back in Git. */
const story: readonly LiveEvent[] = [release, label('shop'), ingressCommit, { do: 'undo' }, revert]
const plain: readonly KubeObject[] = [...services, ingress(['active']), rollout()]
const withAnchor: readonly KubeObject[] = [...services, anchored, rollout()]
const pointer: IgnoreDifference = { group: 'networking.k8s.io', kind: 'Ingress', jsonPointers: ['/spec/rules'] }
const respect = 'RespectIgnoreDifferences=true'
const outOfSyncOnly = 'ApplyOutOfSyncOnly=true'
const serverSide = 'ServerSideApply=true'

function day(name: string, objects: readonly KubeObject[], application: ScenarioApplication, events: readonly LiveEvent[], more: Partial<Scenario> = {}): Scenario {
  return { name, objects, application, events, rollout: 'web', ...more }
}

const rules: readonly Scenario[] = [
  day('no rule', plain, {}, story),
  day('the rule of the team', plain, { ignoreDifferences: [teamRule] }, story, { lane: 'short' }),
  day('the folded rule', plain, { ignoreDifferences: [{ ...teamRule, jqPathExpressions: ['.spec.rules[]?|select(.backend. service.name=="x")'] }] }, [release], { lane: 'short' }),
  day('all rules of the Ingress ignored', plain, { ignoreDifferences: [pointer] }, story),
  day('self-heal off', plain, { ignoreDifferences: [teamRule], automated: { prune: true } }, story),
  day('by hand only', plain, { ignoreDifferences: [teamRule], automated: null }, [release, label('shop')]),
]

const generated: readonly Scenario[] = [
  day('generated rule', plain, {}, story, { generate: 'rules' }),
  ...[[respect], [outOfSyncOnly], [respect, outOfSyncOnly], [serverSide], [serverSide, respect], ['Replace=true']].map((syncOptions) => (
    day(`generated rule, ${syncOptions.join(' and ')}`, plain, { syncOptions }, story, { generate: 'rules' }))),
  day('generated anchor', plain, {}, story, { generate: 'anchor' }),
]

const anchors: readonly Scenario[] = [
  day('anchor', withAnchor, { ignoreDifferences: [anchorRule] }, story, { lane: 'short' }),
  day('anchor under server-side apply', withAnchor, { ignoreDifferences: [anchorRule], syncOptions: [serverSide] }, story),
  day('half an anchor: the path alone', [...services, ingress([route, 'active']), rollout()], { ignoreDifferences: [anchorRule] }, story),
  day('half an anchor: the annotations alone', [...services, ingress(['active'], anchor), rollout()], { ignoreDifferences: [anchorRule] }, story),
  // Live is kept where a rule ignores it, so what Git says of the route never lands; the trap is armed from the first canary on.
  day('the trap that RespectIgnoreDifferences arms', withAnchor, { ignoreDifferences: [anchorRule], syncOptions: [respect] }, [release, { do: 'promote-full' }, label('shop'), ingressCommit]),
]

const canaries: readonly Scenario[] = [
  day('header route as step 0', [...services, ingress(['active']), rollout({ steps: [headerStep, { pause: {} }, { setWeight: 50 }, { pause: {} }] })], { ignoreDifferences: [teamRule] },
    [release, { do: 'abort' }, { do: 'retry' }, { do: 'promote' }, { do: 'abort' }, revert]),
  day('pods that crash', plain, { ignoreDifferences: [teamRule] }, [{ do: 'pods', image: images.after, state: 'crash' }, release, { do: 'abort' }, revert]),
  day('pods that are slow', withAnchor, { ignoreDifferences: [anchorRule] },
    [{ do: 'pods', image: images.after, state: 'slow' }, release, label('shop'), { do: 'pods', image: images.after, state: 'ready' }, { do: 'promote' }, { do: 'promote' }]),
  day('a third revision in the middle', withAnchor, { ignoreDifferences: [anchorRule] }, [release, { do: 'promote' }, { do: 'commit', image: images.third }, { do: 'promote-full' }, revert]),
  day('a controller that is killed', withAnchor, { ignoreDifferences: [anchorRule] },
    [release, { do: 'restart-program', program: 'rollouts-controller' }, label('shop'), { do: 'promote' }, { do: 'restart-program', program: 'argocd-application-controller' }, { do: 'promote' }], { lane: 'short' }),
  day('a hand on the Ingress', withAnchor, { ignoreDifferences: [anchorRule] }, [
    release, { do: 'edit', kind: 'Ingress', name: 'web', patch: { metadata: { annotations: { 'alb.ingress.kubernetes.io/scheme': 'internet-facing' } } } },
    { do: 'edit', kind: 'Ingress', name: 'web', patch: { metadata: { annotations: { [`alb.ingress.kubernetes.io/conditions.${route}`]: null } } } }, { do: 'abort' },
  ]),
  day('ping-pong', [...['active', 'ping', 'pong'].map((name) => service(name)), ingress(['active']), rollout({ canary: { canaryService: undefined, stableService: undefined, pingPong: { pingService: 'ping', pongService: 'pong' } } })],
    {}, [release, { do: 'promote-full' }, label('shop'), { do: 'commit', image: images.third }], { generate: 'rules' }),
  day('a Service under server-side apply', plain, { ignoreDifferences: [teamRule], syncOptions: [serverSide] },
    [release, { do: 'commit', kind: 'Service', name: 'canary', patch: { metadata: { labels: { team: 'shop' } } } }, { do: 'promote-full' }], { lane: 'short' }),
  day('two Rollouts on one Ingress', [
    ...services, ...['active-b', 'canary-b', 'stable-b'].map((name) => service(name, 'api')), ingress(['active', 'active-b']), rollout(),
    rollout({ name: 'api', canary: { canaryService: 'canary-b', stableService: 'stable-b' }, routing: { managedRoutes: [{ name: 'other' }], alb: { ingress: 'web', rootService: 'active-b', servicePort: 80 } }, steps: [{ setWeight: 20 }, { pause: {} }] }),
  ], {}, [release, { do: 'commit', image: images.after, rollout: 'api' }, label('shop'), { do: 'promote-full', rollout: 'api' }], { generate: 'rules' }),
]

/** The days that are lived, each in a namespace of its own. */
export const scenarios: readonly Scenario[] = [...rules, ...generated, ...anchors, ...canaries]
