import type { KubeObject } from '@rollsync/manifests'

import type { Ingress } from './ingress.ts'
import { compare } from './world.ts'

// apimachinery pkg/util/validation
const QUALIFIED = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
const SUBDOMAIN = "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
const DNS1035 = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
const A_QUALIFIED_NAME = "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
const ANNOTATIONS_LIMIT = 256 * 1024

/** The API server's refusal of an Ingress, as far as the controller can run into it: annotation keys and size, empty `http.paths`, service names. undefined: accepted. */
export function refusal(object: KubeObject): string | undefined {
  if (object.kind !== 'Ingress' || !object.apiVersion.startsWith('networking.k8s.io/')) return undefined
  const errors = [...annotationErrors(object), ...pathErrors(object as Ingress)]
  if (errors.length === 0) return undefined
  const distinct = [...new Set(errors)]
  return `Ingress.networking.k8s.io ${JSON.stringify(object.metadata.name)} is invalid: ${distinct.length === 1 ? distinct[0] : `[${distinct.join(', ')}]`}`
}

function annotationErrors(object: KubeObject): readonly string[] {
  const entries = Object.entries(object.metadata.annotations ?? {})
  // Go ranges over a map: where several keys are wrong their order is random there, and sorted here.
  const errors = entries.map(([key]) => key).filter((key) => qualifiedNameErrors(key.toLowerCase()).length > 0).sort(compare)
    .flatMap((key) => qualifiedNameErrors(key.toLowerCase()).map((message) => `metadata.annotations: Invalid value: ${JSON.stringify(key)}: ${message}`))
  // A UTF-16 unit is at most three bytes: only what could be too long is encoded.
  const units = entries.reduce((total, [key, value]) => total + key.length + String(value).length, 0)
  const size = units * 3 > ANNOTATIONS_LIMIT ? entries.reduce((total, [key, value]) => total + bytesOf(key) + bytesOf(value), 0) : units
  return size > ANNOTATIONS_LIMIT ? [...errors, `metadata.annotations: Too long: may not be more than ${ANNOTATIONS_LIMIT} bytes`] : errors
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length
}

// apimachinery validation.IsQualifiedName
function qualifiedNameErrors(key: string): readonly string[] {
  const parts = key.split('/')
  if (parts.length > 2) return [A_QUALIFIED_NAME]
  const name = parts.at(-1) as string
  const prefix = parts.length === 2 ? parts[0] : undefined
  const errors: string[] = []
  if (prefix === '') errors.push('prefix part must be non-empty')
  else if (prefix !== undefined) {
    if (prefix.length > 253) errors.push('prefix part must be no more than 253 characters')
    if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(prefix)) errors.push(SUBDOMAIN)
  }
  if (name === '') errors.push('name part must be non-empty')
  else if (name.length > 63) errors.push('name part must be no more than 63 characters')
  if (!/^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/.test(name)) errors.push(QUALIFIED)
  return errors
}

function pathErrors(ingress: Ingress): readonly string[] {
  return (ingress.spec.rules ?? []).flatMap((rule, i) => {
    if (rule.http === undefined) return []
    const at = `spec.rules[${i}].http.paths`
    const paths = rule.http.paths ?? []
    if (paths.length === 0) return [`${at}: Required value`]
    return paths.flatMap((path, j) => (path.backend.service === undefined ? [] : labelErrors(path.backend.service.name)
      .map((message) => `${at}[${j}].backend.service.name: Invalid value: ${JSON.stringify(path.backend.service?.name)}: ${message}`)))
  })
}

// apimachinery validation.IsDNS1035Label
function labelErrors(name: string): readonly string[] {
  return [...(name.length > 63 ? ['must be no more than 63 characters'] : []), ...(/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name) ? [] : [DNS1035])]
}
