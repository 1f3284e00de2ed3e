import { isMap, type KubeObject } from '@rollsync/manifests'
import type { Backend, Ingress, IngressPath, IngressRule, Service, ServicePort } from './cluster.ts'

/** An object has a field of a type that the API server would not accept. Never leaves this package. */
export class Unreadable extends Error {}

type Fields = Readonly<Record<string, unknown>>

/** One value of an object with the place it stands at, for the error text. */
interface At { readonly value: unknown; readonly place: string }

export function readIngress(object: KubeObject): Ingress {
  const root = { value: object, place: placeOf('Ingress', object) }
  const metadata = field(root, 'metadata')
  const spec = field(root, 'spec')
  const backend = field(spec, 'defaultBackend')
  return {
    ...identity(metadata),
    annotations: texts(field(metadata, 'annotations')),
    finalizers: list(field(metadata, 'finalizers')).map(requiredText),
    lifecycle: isAbsent(field(metadata, 'deletionTimestamp')) ? 'alive' : 'being deleted',
    className: optionalText(field(spec, 'ingressClassName')),
    defaultBackend: isAbsent(backend) ? undefined : readBackend(backend),
    rules: list(field(spec, 'rules')).map(readRule),
  }
}

export function readService(object: KubeObject): Service {
  const root = { value: object, place: placeOf('Service', object) }
  const metadata = field(root, 'metadata')
  const spec = field(root, 'spec')
  return {
    ...identity(metadata),
    annotations: texts(field(metadata, 'annotations')),
    ports: list(field(spec, 'ports')).map(readServicePort),
    ipFamilies: list(field(spec, 'ipFamilies')).map(requiredText),
  }
}

function readServicePort(port: At): ServicePort {
  const number = integer(field(port, 'port'))
  const target = field(port, 'targetPort')
  return {
    name: optionalText(field(port, 'name')) ?? '',
    port: number,
    nodePort: integer(field(port, 'nodePort')),
    // The API server fills in the port where no targetPort is written.
    targetPort: isAbsent(target) ? number : typeof target.value === 'string' ? target.value : integer(target),
  }
}

function readRule(rule: At): IngressRule {
  const http = field(rule, 'http')
  return {
    host: optionalText(field(rule, 'host')) ?? '',
    paths: isAbsent(http) ? undefined : list(field(http, 'paths')).map(readPath),
  }
}

function readPath(path: At): IngressPath {
  return {
    path: optionalText(field(path, 'path')) ?? '',
    pathType: optionalText(field(path, 'pathType')),
    backend: readBackend(field(path, 'backend')),
  }
}

function readBackend(backend: At): Backend {
  const service = field(backend, 'service')
  if (isAbsent(service)) return { service: undefined }
  const port = field(service, 'port')
  return {
    service: {
      name: optionalText(field(service, 'name')) ?? '',
      portName: optionalText(field(port, 'name')) ?? '',
      portNumber: integer(field(port, 'number')),
    },
  }
}

function identity(metadata: At): { readonly key: string; readonly namespace: string; readonly name: string } {
  const namespace = optionalText(field(metadata, 'namespace')) ?? 'default'
  const name = optionalText(field(metadata, 'name')) ?? ''
  return { key: `${namespace}/${name}`, namespace, name }
}

function placeOf(kind: string, object: unknown): string {
  const metadata = isMap(object) ? object['metadata'] : undefined
  const name = isMap(metadata) ? metadata['name'] : undefined
  return `${kind} ${typeof name === 'string' ? name : '(without a name)'}: `
}

/** Whether a field is not written, or written as null, which is the same to the API server. */
export function isAbsent(at: At): boolean {
  return at.value === undefined || at.value === null
}

/** A field of an object by its name; an object that is not there has no fields. */
export function field(parent: At, name: string): At {
  const place = `${parent.place}${parent.place.endsWith(': ') ? '' : '.'}${name}`
  if (isAbsent(parent)) return { value: undefined, place }
  if (!isMap(parent.value)) throw new Unreadable(`${parent.place.replace(/: $/, '')} must be an object`)
  return { value: Object.hasOwn(parent.value, name) ? (parent.value as Fields)[name] : undefined, place }
}

export function list(at: At): readonly At[] {
  if (isAbsent(at)) return []
  if (!Array.isArray(at.value)) throw new Unreadable(`${at.place} must be a list`)
  return at.value.map((value: unknown, i) => ({ value, place: `${at.place}[${i}]` }))
}

export function optionalText(at: At): string | undefined {
  if (isAbsent(at)) return undefined
  if (typeof at.value !== 'string') throw new Unreadable(`${at.place} must be a string`)
  return at.value
}

export function requiredText(at: At): string {
  const text = optionalText(at)
  if (text === undefined) throw new Unreadable(`${at.place} must be a string`)
  return text
}

/** An int32; 0 where there is none. */
export function integer(at: At): number {
  if (isAbsent(at)) return 0
  if (typeof at.value !== 'number' || !Number.isInteger(at.value) || Math.abs(at.value) >= 2 ** 31) throw new Unreadable(`${at.place} must be an int32`)
  return at.value
}

export function texts(at: At): ReadonlyMap<string, string> {
  if (isAbsent(at)) return new Map()
  if (!isMap(at.value)) throw new Unreadable(`${at.place} must be an object`)
  return new Map(Object.entries(at.value).map(([key, value]) => [key, requiredText({ value, place: `${at.place}[${JSON.stringify(key)}]` })]))
}
