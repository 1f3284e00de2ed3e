import { writeFileSync } from 'node:fs'
import { groupOf, type KubeObject, toYaml } from '@rollsync/manifests'
import type { Kubectl } from '../cluster/kubectl.ts'

/** Lets the cluster take objects of kinds that it does not know, so that a sync does not fail on a ServiceMonitor: a definition each that accepts anything. No controller acts on them. `file` is written for kubectl. Returns the kinds. */
export async function defineUnknownKinds(objects: readonly KubeObject[], kubectl: Kubectl, file: string): Promise<readonly string[]> {
  const definitions = new Map<string, KubeObject>()
  for (const apiVersion of new Set(objects.map((one) => one.apiVersion))) {
    const served = await kindsServed(apiVersion, kubectl)
    for (const { kind } of objects.filter((one) => one.apiVersion === apiVersion && !served.has(one.kind) && isDefinable(one))) {
      const definition = definitionOf(apiVersion, kind)
      definitions.set(definition.metadata.name, definition)
    }
  }
  if (definitions.size === 0) return []
  writeFileSync(file, [...definitions.values()].map((one) => toYaml(one)).join('---\n'))
  await kubectl(['apply', '-f', file])
  await kubectl(['wait', '--for=condition=Established', '--timeout=30s', ...[...definitions.keys()].map((name) => `customresourcedefinition/${name}`)])
  return [...definitions.values()].map((one) => String((one['spec'] as { readonly names: { readonly kind: string } }).names.kind))
}

async function kindsServed(apiVersion: string, kubectl: Kubectl): Promise<ReadonlySet<string>> {
  const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  const { resources } = JSON.parse(await kubectl(['get', '--raw', path]).catch(() => '{"resources":[]}')) as { readonly resources: readonly { readonly kind: string }[] }
  return new Set(resources.map(({ kind }) => kind))
}

/** Not Kubernetes' own groups, whose removed versions nobody can define, nor what only a tool reads. */
function isDefinable({ apiVersion, kind }: KubeObject): boolean {
  const group = groupOf(apiVersion)
  return group.includes('.') && !/^(kustomize\.config\.k8s\.io|(apps|batch|policy|autoscaling|extensions|networking|rbac\.authorization|storage|apiextensions)\.k8s\.io)$/.test(group) && kind !== 'Kustomization'
}

/** The definition of one kind. Its plural is guessed as English has it, which is what controllers ask for. */
export function definitionOf(apiVersion: string, kind: string): KubeObject {
  const [group = '', version = ''] = apiVersion.split('/')
  const singular = kind.toLowerCase()
  const plural = /[^aeiou]y$/.test(singular) ? `${singular.slice(0, -1)}ies` : /(s|x|ch|sh)$/.test(singular) ? `${singular}es` : `${singular}s`
  return {
    apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: `${plural}.${group}`, annotations: { 'api-approved.kubernetes.io': 'unapproved, for a lab' } },
    spec: {
      group, scope: 'Namespaced', names: { kind, plural, singular, listKind: `${kind}List` },
      versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } }],
    },
  }
}
