import type { KubeObject } from '@rollsync/manifests'
import { describe, expect, it } from 'vitest'
import { byName, deployed, git, ingress, liveCanary, rulesOf } from '../test/canary-ingress.ts'
import { compare } from './compare.ts'
import type { CompareMode } from './comparison.ts'

const modes: readonly CompareMode[] = ['legacy', 'smd', 'ssd']
const none = rulesOf([])

describe.each(modes)('compare in mode %s', (mode) => {
  const method = mode === 'legacy' ? 'client side' : 'server side'

  it('calls an Ingress that was applied and not touched since Synced', () => {
    expect(compare(git, deployed(git, method), { rules: none, mode })).toMatchObject({ sync: 'Synced' })
  })

  it('calls a live-only path OutOfSync, and leads from live back to Git', () => {
    expect(compare(git, liveCanary(method), { rules: none, mode })).toMatchObject({ sync: 'OutOfSync', patch: expect.arrayContaining([
      expect.objectContaining({ path: expect.stringMatching(/^\/spec\/rules\/0\/http\/paths/) as string }),
    ]) as unknown })
  })

  it('calls it Synced under a rule that names the path', () => {
    expect(compare(git, liveCanary(method), { rules: rulesOf([byName]), mode })).toMatchObject({ sync: 'Synced' })
  })

  it('still sees under that rule what Git changes beside the path', () => {
    expect(compare(ingress(['web-other']), liveCanary(method), { rules: rulesOf([byName]), mode })).toMatchObject({ sync: 'OutOfSync' })
  })

  it('makes the whole Application Unknown for one expression that does not parse, whatever kind it is for', () => {
    const folded = { kind: 'Rollout', group: 'argoproj.io', jqPathExpressions: ['.spec.rules[]?|select(.backend. service.name=="x")'] }
    expect(compare(git, liveCanary(method), { rules: rulesOf([byName, folded]), mode })).toMatchObject({
      sync: 'Unknown', scope: 'application', error: 'failed to create diff normalizer: unexpected token "service"',
      condition: 'Failed to compare desired state to live state: failed to create diff normalizer: unexpected token "service"',
    })
  })

  it('calls an object that is missing on either side OutOfSync', () => {
    expect(compare(git, null, { rules: none, mode })).toMatchObject({ sync: 'OutOfSync', normalizedLive: null })
    expect(compare(null, deployed(git, method), { rules: none, mode })).toMatchObject({ sync: 'OutOfSync', predictedLive: null })
  })
})

describe('compare', () => {
  it('says unverified where no engine at hand knows an expression', () => {
    const foreign = { kind: 'Ingress', group: 'networking.k8s.io', jqPathExpressions: ['.spec.rules[] | select(now > 0)'] }
    expect(compare(git, liveCanary('client side'), { rules: rulesOf([foreign]), mode: 'legacy' })).toMatchObject({ sync: 'unverified' })
  })

  it('skips a rule that fails at run time and keeps the others', () => {
    const broken = { kind: 'Ingress', group: 'networking.k8s.io', jqPathExpressions: ['.metadata.name[]'] }
    expect(compare(git, liveCanary('client side'), { rules: rulesOf([broken, byName]), mode: 'legacy' })).toMatchObject({ sync: 'Synced' })
  })

  it('does not see a live-only annotation, but sees one that was applied and has left Git', () => {
    const live = deployed(ingress(['web-active'], { team: 'shop' }), 'client side')
    expect(compare(ingress(['web-active'], { team: 'shop' }), { ...live, metadata: { ...live.metadata, annotations: { ...live.metadata.annotations, own: '1' } } }, { rules: none, mode: 'legacy' }))
      .toMatchObject({ sync: 'Synced' })
    expect(compare(git, live, { rules: none, mode: 'legacy' })).toMatchObject({ sync: 'OutOfSync' })
  })

  it('survives a last applied configuration that is no JSON', () => {
    const live = { ...git, metadata: { ...git.metadata, annotations: { ...git.metadata.annotations, 'kubectl.kubernetes.io/last-applied-configuration': '{' } } }
    expect(compare(git, live, { rules: none, mode: 'legacy' })).toMatchObject({ sync: 'Synced' })
  })

  it.each(modes)('takes keys that look like a prototype as keys, in mode %s', (mode) => {
    const target = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'b' }, data: JSON.parse('{"__proto__":"x","constructor":"y"}') as object }
    const live = deployed(target, 'client side')
    expect(compare(target, live, { rules: none, mode })).toMatchObject({ sync: 'Synced' })
    expect(compare({ ...target, data: JSON.parse('{"__proto__":"z","constructor":"y"}') as object }, live, { rules: none, mode })).toMatchObject({ sync: 'OutOfSync' })
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false)
  })

  it('compares quantities and defaults of built-in kinds in their canonical form', () => {
    const manifest = (cpu: string): KubeObject => ({
      apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' },
      spec: { selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1', resources: { requests: { cpu } } }] } } },
    })
    const live = deployed(manifest('100m'), 'client side')
    expect(compare(manifest('0.1'), live, { rules: none, mode: 'legacy' })).toMatchObject({ sync: 'Synced' })
    expect(compare(manifest('0.2'), live, { rules: none, mode: 'legacy' })).toMatchObject({ sync: 'OutOfSync' })
  })

  it('is Unknown with the schema\'s words for a field that the kind does not have, under structured merge', () => {
    const target = { ...git, spec: { ...(git['spec'] as object), notAField: 1 } }
    expect(compare(target, deployed(git, 'server side'), { rules: none, mode: 'smd' })).toMatchObject({
      sync: 'Unknown', error: 'failed to calculate diff: error calculating structured merge diff: error building typed value from config resource: .spec.notAField: field not declared in schema',
    })
  })
})
