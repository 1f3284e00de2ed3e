/** Any object of the Kubernetes API, as JSON: everything below the four common fields is the kind's own. */
export interface KubeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: ObjectMeta
  readonly [field: string]: unknown
}

export interface ObjectMeta {
  readonly name: string
  readonly namespace?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly [field: string]: unknown
}

/** Names one object of a cluster. `group` is `''` for the core group, `namespace` is `''` where none is given. */
export interface ResourceRef {
  readonly group: string
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

/** The API group of an apiVersion: `networking.k8s.io/v1` is `networking.k8s.io`, `v1` is `''`. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? '' : apiVersion.slice(0, slash)
}

export function refOf(object: KubeObject): ResourceRef {
  return { group: groupOf(object.apiVersion), kind: object.kind, namespace: object.metadata.namespace ?? '', name: object.metadata.name }
}

/** A ref as people write it: `Ingress default/web`, without the slash where there is no namespace. */
export function refText(ref: ResourceRef): string {
  return `${ref.kind} ${ref.namespace === '' ? '' : `${ref.namespace}/`}${ref.name}`
}

/** One text per object, for use as a map key: group, kind, namespace, name. */
export function refKey(ref: ResourceRef): string {
  return `${ref.group}/${ref.kind}/${ref.namespace}/${ref.name}`
}
