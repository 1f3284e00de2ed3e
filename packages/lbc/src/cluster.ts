import type { KubeObject } from '@rollsync/manifests'

/** What the controller sees: the objects, and the flags it was started with. A namespace that is not written is `default`. */
export interface LbcCluster {
  readonly ingresses: readonly KubeObject[]
  readonly services: readonly KubeObject[]
  readonly ingressClasses?: readonly KubeObject[]
  readonly ingressClassParams?: readonly KubeObject[]
  /** Only their labels count, and only where IngressClassParams have a namespaceSelector. */
  readonly namespaces?: readonly KubeObject[]
  readonly options?: LbcOptions
}

export interface LbcOptions {
  /** --tolerate-non-existent-backend-service, true by default. */
  readonly tolerateNonExistentBackendService?: boolean
  /** --tolerate-non-existent-backend-action, true by default. */
  readonly tolerateNonExistentBackendAction?: boolean
  /** --ingress-class: `alb` by default, which the Helm chart and the project's manifests set. Empty: Ingresses without any class are managed too. */
  readonly ingressClass?: string
  /** --default-target-type, `instance` by default. */
  readonly defaultTargetType?: string
  /** The stock controller has no such flag: it reads `alb.ingress.kubernetes.io` only. */
  readonly annotationPrefix?: string
}

/** The parts of an Ingress that the controller's rules depend on, read once and checked. */
export interface Ingress {
  /** `namespace/name`. */
  readonly key: string
  readonly namespace: string
  readonly name: string
  readonly annotations: ReadonlyMap<string, string>
  readonly finalizers: readonly string[]
  readonly lifecycle: 'alive' | 'being deleted'
  readonly className: string | undefined
  readonly defaultBackend: Backend | undefined
  readonly rules: readonly IngressRule[]
}

export interface IngressRule {
  readonly host: string
  /** Undefined where the rule has no `http`. */
  readonly paths: readonly IngressPath[] | undefined
}

export interface IngressPath {
  readonly path: string
  readonly pathType: string | undefined
  readonly backend: Backend
}

/** `service` is undefined for a resource backend, and for none at all. */
export interface Backend {
  readonly service: { readonly name: string; readonly portName: string; readonly portNumber: number } | undefined
}

export interface Service {
  readonly key: string
  readonly namespace: string
  readonly name: string
  readonly annotations: ReadonlyMap<string, string>
  readonly ports: readonly ServicePort[]
  readonly ipFamilies: readonly string[]
}

export interface ServicePort {
  readonly name: string
  readonly port: number
  readonly nodePort: number
  readonly targetPort: number | string
}
