import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkPolicy } from './check-policy.ts'
import { discover } from './discover/repository.ts'

const base = new URL('rules/base/', import.meta.url)
const files = readdirSync(base).map((file) => ({ file, text: readFileSync(new URL(file, base), 'utf8') }))
const bare = files.map(({ file, text }) => (file === 'apps.yaml' ? { file, text: text.slice(0, text.indexOf('  ignoreDifferences:')) } : { file, text }))
const settings = (data: Record<string, string>) => ({ file: 'argocd-cm.yaml', text: JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'argocd-cm', namespace: 'argocd' }, data }) })
const rules = `jqPathExpressions: ['.spec.rules[]?.http.paths[]?|select(.backend.service.name=="canary-header-route-new")']
jsonPointers:
  - /metadata/annotations/alb.ingress.kubernetes.io~1actions.canary-header-route-new
  - /metadata/annotations/alb.ingress.kubernetes.io~1conditions.canary-header-route-new
`
const brokenRules = async (given: readonly { file: string; text: string }[]) => {
  const { findings, unverified } = await checkPolicy(discover(given))
  return { rules: [...new Set(findings.map((one) => one.rule))], unverified }
}

describe('argocd-cm of the repository', () => {
  it('its ignore rules count for every Application', async () => {
    expect((await brokenRules(bare)).rules).toContain('drift-covered')
    expect((await brokenRules([...bare, settings({ 'resource.customizations.ignoreDifferences.networking.k8s.io_Ingress': rules })])).rules).not.toContain('drift-covered')
  })

  it('one bad expression in it takes every Application to Unknown', async () => {
    const { findings } = await checkPolicy(discover([...files, settings({ 'resource.customizations.ignoreDifferences.apps_Deployment': 'jqPathExpressions: [".a. b"]' })]))
    expect(findings.find((one) => one.rule === 'drift-covered')?.message).toContain('the whole Application is Unknown')
  })

  it('is left out, and said, where Argo CD itself could not read it', async () => {
    const { unverified } = await brokenRules([...files, settings({ 'resource.customizations.nonsense.apps_Deployment': 'x' })])
    expect(unverified.join()).toContain('argocd-cm')
  })
})
