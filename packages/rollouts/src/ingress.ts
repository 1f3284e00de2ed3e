import type { KubeObject, ObjectMeta } from '@rollsync/manifests'

import { goJson } from './go-json.ts'
import { type Field, reshape, type Shape } from './go-shape.ts'

export interface IngressPath {
  readonly path?: string
  readonly pathType: string | null
  readonly backend: { readonly service?: { readonly name: string; readonly port: Readonly<Record<string, unknown>> }; readonly resource?: Readonly<Record<string, unknown>> }
}

export interface IngressRule {
  readonly host?: string
  readonly http?: { readonly paths: readonly IngressPath[] | null }
}

export interface IngressSpec {
  readonly ingressClassName?: string
  readonly defaultBackend?: unknown
  readonly tls?: readonly unknown[]
  readonly rules?: readonly IngressRule[]
}

export interface Ingress extends KubeObject {
  readonly spec: IngressSpec
}

const struct = (fields: readonly Field[]): Shape => ({ struct: fields })

const backend = struct([
  ['service', struct([['name', 'string', 'always'], ['port', struct([['name', 'string', 'omitempty'], ['number', 'int', 'omitempty']]), 'always']]), 'pointer'],
  ['resource', struct([['apiGroup', 'string', 'nullable'], ['kind', 'string', 'always'], ['name', 'string', 'always']]), 'pointer'],
])

// k8s.io/api/networking/v1 types.go
const spec = struct([
  ['ingressClassName', 'string', 'pointer'],
  ['defaultBackend', backend, 'pointer'],
  ['tls', { list: struct([['hosts', { list: 'string' }, 'omitempty'], ['secretName', 'string', 'omitempty']]) }, 'omitempty'],
  ['rules', { list: struct([
    ['host', 'string', 'omitempty'],
    ['http', struct([['paths', { list: struct([['path', 'string', 'omitempty'], ['pathType', 'string', 'nullable'], ['backend', backend, 'always']]) }, 'always']]), 'pointer'],
  ]) }, 'omitempty'],
])

/** The Ingress as networking/v1 holds it: what the type does not know is gone, an absent pathType is null. Other API groups stay as they are. */
export function admitIngress(object: KubeObject): Ingress {
  return { ...object, spec: reshape(object['spec'] ?? {}, spec, ['spec']) as IngressSpec }
}

/** `kubernetes.io/ingress.class`, else `spec.ingressClassName` (utils/ingress/wrapper.go GetClass). */
export function ingressClass(ingress: Ingress): string {
  return ingress.metadata.annotations?.['kubernetes.io/ingress.class'] || (ingress.spec.ingressClassName ?? '')
}

/** A whole Ingress exactly as client-go sends it: TypeMeta kind first, fields of metadata in the order of the type. */
export function ingressJson(ingress: Ingress): string {
  return goJson({
    kind: ingress.kind, apiVersion: ingress.apiVersion, metadata: orderedMeta(ingress.metadata), spec: ingress.spec,
    status: ingress['status'] ?? { loadBalancer: {} },
  })
}

const META_ORDER = ['name', 'generateName', 'namespace', 'selfLink', 'uid', 'resourceVersion', 'generation', 'creationTimestamp', 'deletionTimestamp', 'labels', 'annotations',
  'ownerReferences', 'finalizers'] as const
const STRING_MAPS: ReadonlySet<string> = new Set(['labels', 'annotations'])

function orderedMeta(meta: ObjectMeta): unknown {
  return Object.fromEntries(META_ORDER.filter((key) => !isEmpty(meta[key])).map((key) => [key, STRING_MAPS.has(key) ? sortedMap(meta[key] as Record<string, string>) : meta[key]]))
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0)
}

function sortedMap(map: Readonly<Record<string, string>>): unknown {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)))
}
