import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from '@rollsync/manifests'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { rollout, service } from '../e2e/base-canary.ts'
import { defineUnknownKinds, definitionOf } from './unknown-kinds.ts'

let folder = ''
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'rollsync-kinds-')) })
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('kinds that a cluster does not know', () => {
  const served: Readonly<Record<string, readonly string[]>> = { '/api/v1': ['Service'], '/apis/argoproj.io/v1alpha1': ['Rollout'] }

  it('are defined, and no others', async () => {
    const asked: string[] = []
    const kubectl = async (args: readonly string[]): Promise<string> => {
      asked.push(args[0] ?? '')
      if (args[0] !== 'get') return ''
      const kinds = served[args[2] ?? '']
      if (kinds === undefined) throw new Error('not found')
      return JSON.stringify({ resources: kinds.map((kind) => ({ kind })) })
    }
    const monitor = { apiVersion: 'monitoring.coreos.com/v1', kind: 'ServiceMonitor', metadata: { name: 'web' } }
    const removed = { apiVersion: 'networking.k8s.io/v1beta1', kind: 'Ingress', metadata: { name: 'web' } }
    const file = join(folder, 'kinds.yaml')
    expect(await defineUnknownKinds([service('web'), rollout(), monitor, monitor, removed], kubectl, file)).toEqual(['ServiceMonitor'])
    expect(parse([{ file, text: readFileSync(file, 'utf8') }]).manifests.map(({ ref }) => ref.name)).toEqual(['servicemonitors.monitoring.coreos.com'])
    expect(asked.slice(-2)).toEqual(['apply', 'wait'])
  })

  it('are called in the plural as English has it', () => {
    const plural = (kind: string): string => definitionOf('example.com/v1', kind).metadata.name
    expect(['VirtualService', 'AuthorizationPolicy', 'Gateway', 'Prometheus', 'Mesh'].map(plural)).toEqual(['virtualservices', 'authorizationpolicies', 'gateways', 'prometheuses', 'meshes'].map((name) => `${name}.example.com`))
  })
})
