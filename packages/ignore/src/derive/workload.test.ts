import { parse, refOf, type KubeObject } from '@rollsync/manifests'
import { rolloutsProfile, type RolloutsProfile, rolloutsVersions } from '@rollsync/rollouts'
import { expect, it } from 'vitest'
import type { CanaryCase } from '../canary-case.ts'
import { derive } from '../derive.ts'
import { exploreCanary } from '../explore-canary.ts'

const withScaleDown = (scaleDown: string, replicas: string): CanaryCase => {
  const objects = parse([{ file: 'all.yaml', text: `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: web, namespace: default }
spec:
  replicas: 2
  workloadRef: { apiVersion: apps/v1, kind: Deployment, name: web, scaleDown: ${scaleDown} }
  strategy: { canary: { steps: [{ setWeight: 50 }, { pause: {} }] } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: default }
spec:
  ${replicas}
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: app, image: 'web:1' }] } }
` }]).manifests.map((one) => one.value)
  const rollout = objects.find((one) => one.kind === 'Rollout') as KubeObject
  const profile = rolloutsProfile(rolloutsVersions[0] ?? '').profile as RolloutsProfile
  return { rollout: refOf(rollout), resources: objects.map(refOf), states: exploreCanary(rollout, objects.filter((one) => one !== rollout), profile).states }
}

it('a Deployment that the controller counts down gets a rule for its replicas, where Git holds them', () => {
  expect(derive(withScaleDown('onsuccess', 'replicas: 2'), { alb: undefined, mode: 'legacy' })).toMatchObject([{ resource: { kind: 'Deployment' }, by: 'pointer', pointer: '/spec/replicas' }])
})

it.each([['never', 'replicas: 2'], ['onsuccess', '']])('and none with scaleDown %s and %j in Git', (scaleDown, replicas) => {
  expect(derive(withScaleDown(scaleDown, replicas), { alb: undefined, mode: 'legacy' })).toEqual([])
})
