/** What the validation of one controller version says otherwise than the next one. */
export interface ValidationTexts {
  /** apimachinery field/errors.go: since v0.34 a structure is printed as JSON, before as Go syntax. */
  readonly badValues: 'json' | 'go'
  /** apimachinery: since v0.27 the values of a selector's requirements are looked at. */
  readonly selectorValues: boolean
  /** core/validation: whether the values of a required node affinity are looked at (Kubernetes 1.34). */
  readonly nodeValues: boolean
  /** core/validation: whether the selectors of spread constraints are looked at (Kubernetes 1.27). */
  readonly topologySelectors: boolean
  /** core/validation: whether a container's own restartPolicy is looked at (Kubernetes 1.28). */
  readonly containerRestartPolicy: boolean
  /** core/validation: whether an init container may restart always, and then have probes (Kubernetes 1.28). */
  readonly sidecars: boolean
  /** core/validation: whether a request above its limit is told the limit (Kubernetes 1.27). */
  readonly limitValue: boolean
  /** core/validation: the fields of a Pod that a variable may hold. */
  readonly envFields: readonly string[]
  /** core/validation:2673 of 1.29: the feature gate that status.hostIPs then was behind is off in the controller. */
  readonly hostIPsGated: boolean
  /** Whether the validation sees that a container is privileged; before 1.10 the setting was taken away first. */
  readonly seesPrivileged: boolean
  /** apimachinery IsDNS1123Label: whether dots have a message of their own (0.27). */
  readonly labelDots: boolean
  /** core/validation: what a probe of an init container is told. */
  readonly initContainerProbe: string
  /** validation.go:53 */
  readonly stepKinds: string
  /** Whether a step that only has a plugin counts as one. */
  readonly stepPlugins: boolean
  /** validation.go:320: the value printed for an empty step; what it says is "is nil". */
  readonly emptyStep: string
  /** validation.go:86 and :271 */
  readonly pingPongRouters: { readonly text: string; readonly istio: boolean; readonly plugins: boolean }
  /** validation.go:339: whether plugins may have header routes. */
  readonly headerRoutePlugins: boolean
  /** validation.go:41 and :356 */
  readonly mirrorRoute: { readonly text: string; readonly plugins: boolean }
  /** validation.go:399 */
  readonly experimentWeight: { readonly text: string; readonly plugins: boolean }
  /** Whether spec.strategy.canary.trafficRouting.maxTrafficWeight exists. */
  readonly maxTrafficWeight: boolean
  /** validation.go:241: which routers need both services; since 1.7 by router, before for all but Istio with a DestinationRule and ping-pong. */
  readonly servicesNeeded: 'by-router' | 'all-but-subsets'
  /** validation_references.go:220: since 1.9 by the Ingress's name, before nginx first. */
  readonly ingressRouter: 'by-name' | 'nginx-first'
  /** Whether an AnalysisTemplate may name further ones. */
  readonly nestedTemplates: boolean
  /** When a workloadRef that leads nowhere is reported: before everything else, or (1.8 only) after everything else. */
  readonly workloadRef: 'first' | 'last'
  /** utils/istio: since 1.10 a name with several dots is name.with.dots.namespace, before name.namespace(.svc…). */
  readonly virtualServiceName: 'last-segment' | 'second-segment'
  /** istio.go: since 1.8.3 the only HTTP route needs no empty name. */
  readonly singleHttpRoute: boolean
}

const v110: ValidationTexts = {
  badValues: 'json', selectorValues: true, nodeValues: true, topologySelectors: true, containerRestartPolicy: true, sidecars: true, labelDots: true, limitValue: true,
  envFields: ['metadata.name', 'metadata.namespace', 'metadata.uid', 'spec.nodeName', 'spec.serviceAccountName', 'status.hostIP', 'status.hostIPs', 'status.podIP', 'status.podIPs'],
  hostIPsGated: false, seesPrivileged: true,
  initContainerProbe: 'may not be set for init containers without restartPolicy=Always',
  stepPlugins: true,
  stepKinds: 'Step must have one of the following set: experiment, setWeight, setCanaryScale, plugin or pause',
  emptyStep: 'step.Experiment: true step.Pause: true step.SetWeight: true step.Analysis: true step.SetCanaryScale: true step.SetHeaderRoute: true step.SetMirrorRoute: true step.Plugin: true',
  pingPongRouters: { text: 'Ping-pong feature works with the ALB, Istio, and plugin-based traffic routers only', istio: true, plugins: true },
  headerRoutePlugins: true,
  mirrorRoute: { text: 'SetMirrorRoute requires TrafficRouting, supports Istio and Plugins', plugins: true },
  experimentWeight: { text: 'Experiment template weight is only available for TrafficRouting with SMI, ALB, Istio and Plugins at this time', plugins: true },
  maxTrafficWeight: true, servicesNeeded: 'by-router', ingressRouter: 'by-name', nestedTemplates: true, workloadRef: 'first',
  virtualServiceName: 'last-segment', singleHttpRoute: true,
}

const v19: ValidationTexts = {
  ...v110,
  seesPrivileged: false,
  pingPongRouters: { text: 'Ping-pong feature works with the ALB and Istio traffic routers only', istio: true, plugins: false },
  mirrorRoute: { text: 'SetMirrorRoute requires TrafficRouting, supports Istio only', plugins: false },
  virtualServiceName: 'second-segment',
}

const v18: ValidationTexts = { ...v19, badValues: 'go', nodeValues: false, hostIPsGated: true, ingressRouter: 'nginx-first', workloadRef: 'last' }

const v17: ValidationTexts = {
  ...v18,
  stepPlugins: false,
  stepKinds: 'Step must have one of the following set: experiment, setWeight, setCanaryScale or pause',
  emptyStep: 'step.Experiment: true step.Pause: true step.SetWeight: true step.Analysis: true step.SetCanaryScale: true step.SetHeaderRoute: true step.SetMirrorRoutes: true',
  experimentWeight: { text: 'Experiment template weight is only available for TrafficRouting with SMI, ALB, and Istio at this time', plugins: false },
  workloadRef: 'first', singleHttpRoute: false,
}

const v16: ValidationTexts = {
  ...v17,
  pingPongRouters: { text: 'Ping-pong feature works with the ALB traffic routing only', istio: false, plugins: false },
  headerRoutePlugins: false, maxTrafficWeight: false, servicesNeeded: 'all-but-subsets', nestedTemplates: false, selectorValues: false, topologySelectors: false,
  containerRestartPolicy: false, sidecars: false, labelDots: false, limitValue: false, hostIPsGated: false,
  envFields: v17.envFields.filter((field) => field !== 'status.hostIPs'), initContainerProbe: 'may not be set for init containers',
}

/** The texts of a controller version (`v1.10.2`); newer ones speak as the newest, older ones as the oldest that is known. */
export function validationTexts(version: string): ValidationTexts {
  const [, major = '1', minor = '10'] = /^v?(\d+)\.(\d+)/.exec(version) ?? []
  if (Number(major) > 1 || Number(minor) >= 10) return v110
  switch (Number(minor)) {
    case 9: return v19
    case 8: return v18
    case 7: return v17
    default: return v16
  }
}
