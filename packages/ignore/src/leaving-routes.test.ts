import { argocdProfile, type ArgocdProfile, jqEngine } from '@rollsync/argocd'
import { type KubeObject, parse, refOf } from '@rollsync/manifests'
import { rolloutsProfile, rolloutsVersions } from '@rollsync/rollouts'
import { describe, expect, it } from 'vitest'
import { anchorsOf } from './anchor.ts'
import { argocdJudge } from './argocd-judge.ts'
import { pairsOf } from './canary-case.ts'
import { exploreCanary, releaseStates } from './explore-canary.ts'
import { syncSafe } from './laws/sync-safe.ts'
import { leavingRoutes } from './leaving-routes.ts'
import { albSettings, type AlbSettings, routeParts } from './routes.ts'
import type { CounterExample } from './verdict.ts'

const objects = (steps: string): { readonly rollout: KubeObject; readonly ingress: KubeObject; readonly around: readonly KubeObject[] } => {
  const [rollout, ingress, ...services] = parse([{
    file: 'web.yaml',
    text: `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: web, namespace: default }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  strategy:
    canary:
      canaryService: canary
      stableService: stable
      trafficRouting: { managedRoutes: [{ name: hdr }], alb: { ingress: web, rootService: root, servicePort: 80 } }
      steps: [{ setCanaryScale: { weight: 50 } }, ${steps}]
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "web:1" }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: default, annotations: { alb.ingress.kubernetes.io/scheme: internal } }
spec:
  ingressClassName: alb
  rules: [{ host: a.example.com, http: { paths: [{ path: /*, pathType: ImplementationSpecific, backend: { service: { name: root, port: { name: use-annotation } } } }] } }]
${['canary', 'stable', 'root'].map((name) => `---\napiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: default }\nspec: { selector: { app: web }, ports: [{ port: 80 }] }`).join('\n')}
`,
  }]).manifests.map((one) => one.value) as [KubeObject, KubeObject, ...KubeObject[]]
  return { rollout, ingress, around: [ingress, ...services] }
}

const set = '{ setHeaderRoute: { name: hdr, match: [{ headerName: v, headerValue: { exact: "2" } }] } }'
const remove = '{ setHeaderRoute: { name: hdr } }'
const { profile } = rolloutsProfile(rolloutsVersions[0] ?? '')
const argocd = argocdProfile('3.5.1')?.profile as ArgocdProfile

/** What `check` finds lost by a sync, and what `generate --anchor` would keep in Git. */
async function told(steps: string): Promise<{ readonly lost: readonly CounterExample[]; readonly anchors: number; readonly live: boolean }> {
  const { rollout, ingress, around } = objects(steps)
  const alb = albSettings(rollout) as AlbSettings
  const judge = argocdJudge({ application: 'web', profile: argocd, mode: 'legacy', rules: [{ group: 'networking.k8s.io', kind: 'Ingress', jqPathExpressions: ['.spec.rules[]?.http.paths[]?|select(.backend.service.name=="hdr")'] }], syncOptions: [], jq: jqEngine({ gojq: argocd.gojq }) })
  const pairs = pairsOf({ rollout: refOf(rollout), resources: [refOf(ingress)], states: exploreCanary(rollout, around, profile).states })
  const { counterExamples } = await syncSafe(pairs, judge, alb)
  return { live: pairs.some((pair) => routeParts(pair.live, 'hdr', alb.prefix).paths.length > 0), lost: counterExamples.filter((one) => one.verdict === 'reverts' && one.gitChange === undefined), anchors: anchorsOf(ingress, releaseStates(rollout, around, profile), alb).length }
}

describe('a header route and the step that takes it away', () => {
  it('is lost by a sync, and has an anchor, where a pause stands between the two', async () => {
    expect(await told(`${set}, { pause: {} }, ${remove}, { pause: {} }`)).toMatchObject({ live: true, anchors: 1, lost: [{ what: expect.stringContaining('route hdr') }] })
  })

  it('is not lost, and has no anchor, where the one step follows the other: the controller was to take it away', async () => {
    expect(await told(`${set}, ${remove}, { pause: {} }`)).toEqual({ live: true, anchors: 0, lost: [] })
  })

  it('leaves at the step without a match, of a header or a mirror, and at no other', () => {
    const at = (step: object, currentStepIndex: number): readonly string[] => leavingRoutes({ kind: 'Rollout', apiVersion: 'argoproj.io/v1alpha1', metadata: { name: 'web' }, spec: { strategy: { canary: { steps: [{ pause: {} }, step] } } }, status: { currentStepIndex } })
    expect([at({ setHeaderRoute: { name: 'a' } }, 1), at({ setMirrorRoute: { name: 'b' } }, 1), at({ setHeaderRoute: { name: 'a', match: [] } }, 1), at({ setHeaderRoute: { name: 'a' } }, 0), leavingRoutes(undefined)]).toEqual([['a'], ['b'], [], [], []])
  })
})
