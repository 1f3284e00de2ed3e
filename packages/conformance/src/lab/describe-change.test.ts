import type { KubeObject } from '@rollsync/manifests'
import { describe, expect, it } from 'vitest'
import type { Entry } from '../cluster/journal.ts'
import { anchor, images, ingress, rollout, route, service } from '../e2e/base-canary.ts'
import { describeChange } from './describe-change.ts'
import { linesOf } from './narrate.ts'

const withStatus = (object: KubeObject, status: Readonly<Record<string, unknown>>): KubeObject => ({ ...object, status })
const pausing = { currentStepIndex: 2, stableRS: 'a', currentPodHash: 'b', canary: { weights: { canary: { weight: 0 } } } }

describe('what changed of an object', () => {
  it('names the paths and annotations of an Ingress that came and went', () => {
    const [bare, routed] = [ingress(['active']), ingress([route, 'active'], anchor)]
    expect(describeChange(bare, routed)).toEqual([`+ path ${route}`, `+ annotation .../actions.${route}`, `+ annotation .../conditions.${route}`])
    expect(describeChange(routed, bare)).toEqual([`- path ${route}`, `- annotation .../actions.${route}`, `- annotation .../conditions.${route}`])
  })

  it('names a host that moved, and not the paths that it took along', () => {
    const before = ingress(['active'])
    const after = JSON.parse(JSON.stringify(before).replace('qa.example.com', 'new.example.com')) as KubeObject
    expect(describeChange(before, after)).toEqual(['host new.example.com'])
  })

  it('names the image of a Rollout without its registry, and the step with its weight', () => {
    const after = JSON.parse(JSON.stringify(rollout()).replace(images.before, images.after)) as KubeObject
    expect(describeChange(rollout(), after)).toEqual(['image web:2'])
    expect(describeChange(after, withStatus(after, pausing))).toEqual(['step 3/5 pause, weight 0 %'])
    expect(describeChange(withStatus(after, pausing), withStatus(after, { ...pausing, abort: true }))).toEqual(['aborted, weight 0 %'])
  })

  it('names the selector of a Service', () => {
    const before = service('canary')
    const after = { ...before, spec: { ...(before['spec'] as object), selector: { app: 'web', 'rollouts-pod-template-hash': 'b' } } }
    expect(describeChange(before, after)).toEqual(['~ selector.rollouts-pod-template-hash b'])
  })

  it('says nothing of what controllers note down for themselves', () => {
    const noted = { ...ingress(['active'], { 'rollouts.argoproj.io/managed-alb-annotations': '{}', 'argocd.argoproj.io/tracking-id': 'x' }), status: { loadBalancer: {} } }
    expect(describeChange(ingress(['active']), noted)).toEqual([])
  })

  it('tells what an Application says, and why a sync failed', () => {
    const application = (status: unknown): KubeObject => ({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name: 'web' }, status })
    const [synced, unknown] = [application({ sync: { status: 'Synced' } }), application({ sync: { status: 'Unknown' }, conditions: [{ message: 'no such expression\nat line 1' }] })]
    expect(describeChange(synced, unknown)).toEqual(['says Unknown: no such expression'])
    expect(describeChange(undefined, application({ sync: { status: '' } }))).toEqual([])
    expect(describeChange(synced, application({ sync: { status: 'Synced' }, operationState: { phase: 'Failed', message: 'forbidden' } }))).toEqual(['the sync fails: forbidden'])
  })
})

describe('a line of what happened', () => {
  const entry = (before: KubeObject | undefined, what: KubeObject): Entry => ({ at: 12_300, type: before === undefined ? 'ADDED' : 'MODIFIED', before, what })

  it('begins with the seconds since the event and who wrote it', () => {
    const line = linesOf(entry(ingress(['active']), ingress([route, 'active'])), { of: () => 'Rollouts' }, 10_000)
    expect(line).toEqual([`   2.3 s  Rollouts  Ingress web  + path ${route}`])
    expect(linesOf(entry(ingress(['active']), ingress([route, 'active'])), { of: () => 'a person' }, 10_000)[0]).toContain('  you       Ingress')
  })

  it('is none where nobody would see a change', () => {
    expect(linesOf(entry(ingress(['active']), ingress(['active'])), { of: () => 'Argo CD' }, 0)).toEqual([])
  })
})
