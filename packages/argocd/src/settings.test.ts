import { describe, expect, it } from 'vitest'
import { argocdProfile } from './profile.ts'
import { readSettings, SettingsError } from './settings.ts'

const v3 = argocdProfile('3.5.1')!.profile
const v2 = argocdProfile('2.14.21')!.profile

describe('readSettings', () => {
  it('ignores status everywhere by default in 3.x, and of definitions only in 2.x', () => {
    expect([...readSettings({}, v3).overrides]).toMatchObject([['*/*', { jsonPointers: ['/status'] }]])
    expect([...readSettings({}, v2).overrides.keys()]).toEqual(['apiextensions.k8s.io/CustomResourceDefinition'])
    for (const off of ['none', 'off', '"false"', 'false']) expect([...readSettings({ 'resource.compareoptions': `ignoreResourceStatusField: ${off}` }, v3).overrides]).toEqual([])
  })

  it('reads the old map and lets a split key replace its part', () => {
    const settings = readSettings({
      'resource.customizations': 'networking.k8s.io/Ingress:\n  ignoreDifferences: |\n    jsonPointers: [/spec/a]\n  knownTypeFields:\n  - field: spec.x\n    type: core/v1/PodSpec\n',
      'resource.customizations.ignoreDifferences.networking.k8s.io_Ingress': 'jqPathExpressions: [.spec.b]',
      'resource.customizations.ignoreDifferences.all': 'managedFieldsManagers: [kube-controller-manager]',
      'resource.customizations.health.Service': 'lua',
    }, v3)
    expect(settings.overrides.get('networking.k8s.io/Ingress')).toEqual({
      jsonPointers: [], jqPathExpressions: ['.spec.b'], managedFieldsManagers: [], knownTypeFields: [{ field: 'spec.x', type: 'core/v1/PodSpec' }],
    })
    expect(settings.overrides.get('*/*')).toMatchObject({ jsonPointers: ['/status'], managedFieldsManagers: ['kube-controller-manager'] })
  })

  it('reads tracking and the instance label', () => {
    expect(readSettings({}, v3)).toMatchObject({ tracking: 'annotation', instanceLabelKey: 'app.kubernetes.io/instance' })
    expect(readSettings({}, v2)).toMatchObject({ tracking: 'label' })
    expect(readSettings({ 'application.resourceTrackingMethod': 'annotation+label', 'application.instanceLabelKey': 'app' }, v3)).toMatchObject({ tracking: 'annotation+label', instanceLabelKey: 'app' })
  })

  it.each([
    [{ 'resource.customizations.ignoreDiff.apps_Deployment': '' }], [{ 'resource.customizations.ignoreDifferences.a_b_C': '' }],
    [{ 'resource.customizations': '[' }], [{ 'resource.customizations': 'apps/Deployment: {ignoreDifferences: {jsonPointers: []}}' }], [{ 'resource.customizations': '- a' }], [{ 'resource.customizations.ignoreDifferences.apps_Deployment': 'jsonPointers: 5' }],
  ] as Record<string, string>[][])('refuses %j, as Argo CD does', (data) => {
    expect(() => readSettings(data!, v3)).toThrow(SettingsError)
  })
})
