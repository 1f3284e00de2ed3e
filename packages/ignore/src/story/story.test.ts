import { argocdProfile, type ArgocdProfile, type IgnoreDifference, jqEngine, selfHealDefaults } from '@rollsync/argocd'
import { isMap, type KubeObject, refKey, refOf } from '@rollsync/manifests'
import { rolloutsProfile, worldOf } from '@rollsync/rollouts'
import { describe, expect, it } from 'vitest'
import { argocdJudge } from '../argocd-judge.ts'
import { pathsOfIngress } from '../routes.ts'
import { type Story, tellStory } from './story.ts'
import { parseStory, usualDay } from './story-event.ts'

const route = 'canary-header-route-new'
const path = (service: string) => ({ path: '/*', pathType: 'ImplementationSpecific', backend: { service: { name: service, port: { name: 'use-annotation' } } } })
const ingress = (paths: readonly string[], annotations: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'networking.k8s.io/v1', kind: 'Ingress',
  metadata: { name: 'web', namespace: 'default', annotations: { 'alb.ingress.kubernetes.io/scheme': 'internal', ...annotations } },
  spec: { ingressClassName: 'alb', rules: [{ host: 'qa-domain.com', http: { paths: paths.map(path) } }] },
})
const service = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 8080 }] } })
const rollout: KubeObject = {
  apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas: 10, selector: { matchLabels: { app: 'web' } },
    strategy: { canary: {
      canaryService: 'canary', stableService: 'stable',
      trafficRouting: { managedRoutes: [{ name: route }], alb: { ingress: 'web', rootService: 'active', servicePort: 80 } },
      steps: [{ setCanaryScale: { weight: 10 } }, { setHeaderRoute: { name: route, match: [{ headerName: 'version', headerValue: { exact: '2' } }] } }, { pause: {} }, { setWeight: 50 }, { pause: {} }],
    } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image: 'app:1', ports: [{ containerPort: 8080, protocol: 'TCP' }] }] } },
  },
}
const anchor = {
  [`alb.ingress.kubernetes.io/actions.${route}`]: '{"Type":"forward","ForwardConfig":{"TargetGroups":[{"ServiceName":"canary","ServicePort":"80","Weight":100}]}}',
  [`alb.ingress.kubernetes.io/conditions.${route}`]: '[{"field":"http-header","httpHeaderConfig":{"httpHeaderName":"version","values":["2"]}}]',
}
const rule: IgnoreDifference = { group: 'networking.k8s.io', kind: 'Ingress', jqPathExpressions: [`.spec.rules[]?.http.paths[]?|select(.backend.service.name=="${route}")`] }
const anchorRule: IgnoreDifference = { ...rule, jsonPointers: Object.keys(anchor).map((key) => `/metadata/annotations/${key.replace('/', '~1')}`) }

async function dayUnder(rules: readonly IgnoreDifference[], gitIngress: KubeObject, version = '3.5.1', services: readonly string[] = ['active', 'canary', 'stable']): Promise<Story> {
  return dayOf([...services.map(service), gitIngress, rollout], rules, version)
}

async function dayOf(objects: readonly KubeObject[], rules: readonly IgnoreDifference[], version: string): Promise<Story> {
  const profile = argocdProfile(version)?.profile as ArgocdProfile
  const judge = argocdJudge({ application: 'web', profile, mode: 'legacy', rules, syncOptions: [], jq: jqEngine({ gojq: profile.gojq }) })
  return tellStory(worldOf(objects), usualDay(rollout, objects, { before: 'app:1', after: 'app:2' }), {
    profile: rolloutsProfile('v1.8.5').profile, judge, automated: { prune: true, selfHeal: true }, selfHeal: selfHealDefaults(profile), resources: objects.map(refOf), rollout: refOf(rollout),
  })
}

/** After each event: whether the route is live, and the host. */
function seen({ chapters }: Story): readonly string[] {
  return chapters.map(({ state }) => {
    const live = state.world.get(refKey(refOf(ingress([])))) as KubeObject
    const rules = isMap(live['spec']) ? (live['spec']['rules'] as readonly { readonly host: string }[]) : []
    return `${pathsOfIngress(live).some((one) => one.service === route) ? 'route' : 'no route'}, ${rules[0]?.host}`
  })
}

// The day was lived on a real cluster (Argo CD 3.2.6, Argo Rollouts 1.8.5); each column here is what was seen there.
describe('the usual day', () => {
  it('without a rule: self-heal wipes the route', async () => {
    const story = await dayUnder([], ingress(['active']))
    expect(seen(story)).toEqual(['no route, qa-domain.com', 'no route, qa-domain.com', 'no route, qa-domain.com', 'no route, new.qa-domain.com', 'no route, new.qa-domain.com', 'no route, new.qa-domain.com'])
    expect(story.fights).toContain(`Argo CD removes route ${route} and Rollouts does not put it back: lost until the next rollout`)
  })

  it('with the rule alone: the route stays until a commit to another manifest syncs, says Synced and wipes it', async () => {
    const story = await dayUnder([rule], ingress(['active']))
    expect(seen(story).slice(0, 4)).toEqual(['no route, qa-domain.com', 'route, qa-domain.com', 'no route, qa-domain.com', 'no route, new.qa-domain.com'])
    expect(story.chapters.every((chapter) => chapter.sync === 'Synced')).toBe(true)
  })

  it('tells of its own Rollout where another one comes first by name', async () => {
    const other = { ...rollout, metadata: { ...rollout.metadata, name: 'api' }, spec: { ...(rollout['spec'] as object), selector: { matchLabels: { app: 'api' } }, strategy: { canary: { steps: [{ setWeight: 50 }] } }, template: { metadata: { labels: { app: 'api' } }, spec: { containers: [{ name: 'app', image: 'app:1' }] } } } } as KubeObject
    const story = await dayOf([...['active', 'canary', 'stable'].map(service), ingress(['active']), other, rollout], [rule], '3.5.1')
    expect(story.fights).toContain(`Argo CD removes route ${route} and Rollouts does not put it back: lost until the next rollout`)
  })

  it('hears every Application that deploys an object of the canary: the one of the Ingress, without a rule, takes the route', async () => {
    const objects = [...['active', 'canary', 'stable'].map(service), ingress(['active']), rollout]
    const profile = argocdProfile('3.5.1')?.profile as ArgocdProfile
    const judge = (application: string, rules: readonly IgnoreDifference[]) => argocdJudge({ application, profile, mode: 'legacy', rules, syncOptions: [], jq: jqEngine({ gojq: profile.gojq }) })
    const automated = { prune: true, selfHeal: true }
    const refs = objects.map(refOf)
    const day = (rules: readonly IgnoreDifference[]) => tellStory(worldOf(objects), usualDay(rollout, objects, { before: 'app:1', after: 'app:2' }).slice(0, 2), {
      profile: rolloutsProfile('v1.8.5').profile, selfHeal: selfHealDefaults(profile), rollout: refOf(rollout), judge: judge('web', []), automated, resources: refs.filter(({ kind }) => kind !== 'Ingress'),
      others: [{ application: 'edge', judge: judge('edge', rules), automated, resources: refs.filter(({ kind }) => kind === 'Ingress') }],
    })
    const bare = await day([])
    expect(bare.fights).toContain(`Argo CD removes route ${route} and Rollouts does not put it back: lost until the next rollout`)
    expect(bare.chapters.flatMap(({ acts }) => acts.map(({ what }) => what))).toContainEqual(expect.stringMatching(/^edge (syncs revision 2|heals): changes Ingress default\/web$/))
    const ruled = await day([rule])
    expect(seen(ruled)).toEqual(['no route, qa-domain.com', 'route, qa-domain.com', 'route, qa-domain.com'])
    expect(ruled.fights).toEqual([])
    expect(ruled.chapters.map(({ others }) => others)).toEqual(Array.from({ length: 3 }, () => [{ application: 'edge', sync: 'Synced', because: '' }]))
  })

  it('without the stable Service: says that the controller rejects the Rollout, rather than that there is peace', async () => {
    const { fights } = await dayUnder([rule], ingress(['active']), '3.5.1', ['active', 'canary'])
    expect(fights).toEqual([expect.stringMatching(/^the Rollouts controller rejects the Rollout, .*service "stable" not found/)])
  })

  it('beside another Rollout with the same Services: says at which of the two the controller fails for ever, whichever the story is of', async () => {
    const twin: KubeObject = { ...rollout, metadata: { name: 'aaa', namespace: 'default' } }
    const { fights, chapters } = await dayOf([service('active'), service('canary'), service('stable'), ingress([route, 'active'], anchor), rollout, twin], [anchorRule], '3.5.1')
    expect(chapters.at(-1)?.sync).toBe('Synced')
    expect(fights).toContainEqual(expect.stringMatching(/^the Rollouts controller rejects the Rollout, so no release happens: .*"web" is invalid: .*Service "stable" is managed by another Rollout/))
  })

  it('of a Rollout that takes its template from a Deployment: the image in Git is the Deployment\'s', async () => {
    const { template, ...spec } = rollout['spec'] as Readonly<Record<string, unknown>>
    const deployment: KubeObject = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'app', namespace: 'default' }, spec: { replicas: 0, selector: spec['selector'], template } }
    const objects = [deployment, service('active'), service('canary'), service('stable'), ingress([route, 'active'], anchor), { ...rollout, spec: { ...spec, workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'app' } } }]
    const story = await dayOf(objects, [anchorRule], '3.5.1')
    expect(seen(story).slice(0, 3)).toEqual(['no route, qa-domain.com', 'route, qa-domain.com', 'route, qa-domain.com'])
    expect(story.fights).toEqual(['Argo CD brings image app:2 back, which Git still names: the undo in the cluster is undone'])
  })

  it('with the anchor: the route stays, the host lands, and the image in Git decides', async () => {
    const story = await dayUnder([anchorRule], ingress([route, 'active'], anchor))
    expect(seen(story)).toEqual(['no route, qa-domain.com', 'route, qa-domain.com', 'route, qa-domain.com', 'route, new.qa-domain.com', 'route, new.qa-domain.com', 'no route, new.qa-domain.com'])
    expect(story.chapters.every((chapter) => chapter.sync === 'Synced')).toBe(true)
    expect(story.fights).toEqual(['Argo CD brings image app:2 back, which Git still names: the undo in the cluster is undone'])
  })

  it('with the folded rule: nothing is ever deployed', async () => {
    const story = await dayUnder([{ ...rule, jqPathExpressions: ['.spec.rules[]?|select(.backend. service.name=="x")'] }], ingress(['active']))
    expect(story.chapters).toHaveLength(1)
    expect(story.chapters[0]).toMatchObject({ sync: 'Unknown' })
  })
})

// Each of these was seen on a real cluster: docs/truth.md, "What the days taught".
describe('what the two do to each other beyond the usual day', () => {
  const settings = (objects: readonly KubeObject[], syncOptions: readonly string[], version = '3.5.1') => {
    const profile = argocdProfile(version)?.profile as ArgocdProfile
    const mode = syncOptions.includes('ServerSideApply=true') ? 'smd' as const : 'legacy' as const
    const judge = argocdJudge({ application: 'web', profile, mode, rules: [anchorRule], syncOptions, jq: jqEngine({ gojq: profile.gojq }) })
    return { profile: rolloutsProfile('v1.10.2').profile, judge, automated: { prune: true, selfHeal: true }, selfHeal: selfHealDefaults(profile), resources: objects.map(refOf), rollout: refOf(rollout) }
  }
  const objects = [...['active', 'canary', 'stable'].map(service), ingress([route, 'active'], anchor), rollout]
  const release = { do: 'commit', image: 'app:2', rollout: 'web' } as const

  it('a new image lands under RespectIgnoreDifferences: the controller has written the containers in Go\'s form', async () => {
    const { chapters } = await tellStory(worldOf(objects), [release], settings(objects, ['RespectIgnoreDifferences=true']))
    expect(chapters[1]).toMatchObject({ sync: 'Synced', state: { moment: { at: 'step' } } })
  })

  it('a sync writes no other template than the controller: neither an init container nor a quantity makes a new revision', async () => {
    const spec = rollout['spec'] as { readonly template: { readonly metadata: unknown } }
    const containers = [{ name: 'app', image: 'app:1', resources: { requests: { cpu: 0.5 } } }]
    const sized = { ...rollout, spec: { ...spec, template: { ...spec.template, spec: { containers, initContainers: [{ name: 'init', image: 'init:1' }] } } } } as KubeObject
    const all = [...objects.slice(0, -1), sized]
    const { chapters } = await tellStory(worldOf(all), [release, { do: 'commit', image: 'app:1', rollout: 'web' }], settings(all, ['RespectIgnoreDifferences=true']))
    const hashes = [...(chapters.at(-1)?.state.world.values() ?? [])].filter((one) => one.kind === 'ReplicaSet').map((one) => one.metadata.name)
    expect(hashes.sort()).toEqual(['web-hash-1', 'web-hash-2'])
    expect(chapters.at(-1)?.state.world.get(refKey(refOf(sized)))).toMatchObject({ status: { stableRS: 'hash-1', currentPodHash: 'hash-1' } })
  })

  it('server-side apply takes the hash out of the Services, and nobody puts it back', async () => {
    const { chapters, fights } = await tellStory(worldOf(objects), [release], settings(objects, ['ServerSideApply=true']))
    expect(fights.filter((fight) => fight.includes('rollouts-pod-template-hash'))).toHaveLength(2)
    expect(chapters[1]).toMatchObject({ sync: 'Synced', heals: 1, rest: 'yes', writers: { '/Service/default/canary': 'Argo CD' } })
  })

  it('a retry of what is not aborted wakes nobody', async () => {
    const { chapters } = await tellStory(worldOf(objects), [release, { do: 'retry' }], settings(objects, ['ServerSideApply=true']))
    expect(chapters[2]).toMatchObject({ heals: 0, acts: [] })
  })

  it('a header route as step 0 never comes to rest after an abort', async () => {
    const spec = rollout['spec'] as { readonly strategy: { readonly canary: { readonly steps: readonly unknown[] } } }
    const canary = { ...spec.strategy.canary, steps: spec.strategy.canary.steps.slice(1) }
    const flapping = { ...rollout, spec: { ...spec, strategy: { canary } } } as KubeObject
    const all = [...['active', 'canary', 'stable'].map(service), ingress(['active']), flapping]
    const { chapters, fights } = await tellStory(worldOf(all), [release, { do: 'abort' }], settings(all, []))
    expect(chapters[2]?.rest).toBe('rollouts')
    expect(fights).toContainEqual(expect.stringMatching(/^Rollouts never comes to rest by itself: it writes Ingress default\/web /))
  })
})

describe('parseStory', () => {
  it('reads commits beside events, and names the place of a fault', () => {
    expect(parseStory([{ do: 'commit', image: 'app:2' }, { do: 'promote' }])).toEqual({ events: [{ do: 'commit', image: 'app:2' }, { do: 'promote' }] })
    expect(parseStory([{ do: 'promote' }, { do: 'commit' }])).toMatchObject({ faults: [{ pointer: '/1' }] })
    expect(parseStory([{ do: 'promote' }, { do: 'scale' }])).toMatchObject({ faults: [{ pointer: expect.stringMatching(/^\/1/) }] })
  })
})
