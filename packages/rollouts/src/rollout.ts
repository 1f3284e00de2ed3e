import type { KubeObject, ObjectMeta } from '@rollsync/manifests'

/** The Rollout's own types, as pkg/apis/rollouts/v1alpha1/types.go names them; read after `admitRollout`, so empty lists and zero values are absent. */
export interface Rollout extends KubeObject {
  readonly metadata: ObjectMeta & { readonly uid?: string; readonly generation?: number }
  readonly spec: RolloutSpec
  readonly status: RolloutStatus
}

export interface RolloutSpec {
  readonly replicas?: number
  readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>>; readonly [field: string]: unknown }
  readonly template?: PodTemplate
  readonly workloadRef?: { readonly apiVersion?: string; readonly kind?: string; readonly name?: string; readonly scaleDown?: string }
  readonly minReadySeconds?: number
  readonly rollbackWindow?: { readonly revisions?: number }
  readonly strategy: { readonly blueGreen?: BlueGreenStrategy; readonly canary?: CanaryStrategy }
  readonly revisionHistoryLimit?: number
  readonly paused?: boolean
  readonly progressDeadlineSeconds?: number
  readonly progressDeadlineAbort?: boolean
  readonly restartAt?: string
  readonly analysis?: { readonly successfulRunHistoryLimit?: number; readonly unsuccessfulRunHistoryLimit?: number }
  readonly [field: string]: unknown
}

export interface PodTemplate {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>>; readonly annotations?: Readonly<Record<string, string>>; readonly [field: string]: unknown }
  readonly spec?: { readonly containers?: readonly { readonly image?: string; readonly [field: string]: unknown }[]; readonly [field: string]: unknown }
  readonly [field: string]: unknown
}

export interface BlueGreenStrategy {
  readonly activeService: string
  readonly previewService?: string
  readonly previewReplicaCount?: number
  readonly autoPromotionEnabled?: boolean
  readonly autoPromotionSeconds?: number
  readonly maxUnavailable?: string | number
  readonly scaleDownDelaySeconds?: number
  readonly scaleDownDelayRevisionLimit?: number
  readonly prePromotionAnalysis?: RolloutAnalysis
  readonly postPromotionAnalysis?: RolloutAnalysis
  readonly previewMetadata?: PodMetadata
  readonly activeMetadata?: PodMetadata
  readonly abortScaleDownDelaySeconds?: number
  readonly [field: string]: unknown
}

export interface CanaryStrategy {
  readonly canaryService?: string
  readonly stableService?: string
  readonly steps?: readonly CanaryStep[]
  readonly trafficRouting?: TrafficRouting
  readonly maxUnavailable?: string | number
  readonly maxSurge?: string | number
  readonly analysis?: RolloutAnalysis & { readonly startingStep?: number }
  readonly canaryMetadata?: PodMetadata
  readonly stableMetadata?: PodMetadata
  readonly scaleDownDelaySeconds?: number
  readonly scaleDownDelayRevisionLimit?: number
  readonly abortScaleDownDelaySeconds?: number
  readonly dynamicStableScale?: boolean
  readonly pingPong?: { readonly pingService: string; readonly pongService: string }
  readonly minPodsPerReplicaSet?: number
  readonly replicaProgressThreshold?: { readonly type: string; readonly value: number }
  readonly [field: string]: unknown
}

export interface PodMetadata {
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

/** The routers' own blocks are read by the routers; only ALB's is spelled out here. */
export interface TrafficRouting {
  readonly alb?: AlbTrafficRouting
  readonly managedRoutes?: readonly { readonly name: string }[]
  readonly maxTrafficWeight?: number
  readonly [router: string]: unknown
}

export interface AlbTrafficRouting {
  readonly ingress?: string
  readonly servicePort: number
  readonly rootService?: string
  readonly annotationPrefix?: string
  readonly stickinessConfig?: { readonly enabled: boolean; readonly durationSeconds: number }
  readonly ingresses?: readonly string[]
}

export interface CanaryStep {
  readonly setWeight?: number
  readonly pause?: { readonly duration?: string | number }
  readonly experiment?: ExperimentStep
  readonly analysis?: RolloutAnalysis
  readonly setCanaryScale?: { readonly weight?: number; readonly replicas?: number; readonly matchTrafficWeight?: boolean }
  readonly setHeaderRoute?: SetHeaderRoute
  readonly setMirrorRoute?: SetMirrorRoute
  readonly plugin?: { readonly name: string; readonly config?: unknown }
}

export interface StringMatch { readonly exact?: string; readonly prefix?: string; readonly regex?: string }

export interface SetHeaderRoute {
  readonly name?: string
  readonly match?: readonly { readonly headerName: string; readonly headerValue: StringMatch | null }[]
}

export interface SetMirrorRoute {
  readonly name: string
  readonly match?: readonly { readonly method?: StringMatch; readonly path?: StringMatch; readonly headers?: Readonly<Record<string, StringMatch>> }[]
  readonly percentage?: number
}

export interface ExperimentStep {
  readonly templates: readonly { readonly name: string; readonly specRef: string; readonly replicas?: number; readonly weight?: number; readonly service?: { readonly name?: string } }[] | null
  readonly [field: string]: unknown
}

export interface RolloutAnalysis {
  readonly templates?: readonly { readonly templateName: string; readonly clusterScope?: boolean }[]
  readonly args?: readonly unknown[]
  readonly [field: string]: unknown
}

export interface WeightDestination {
  readonly weight: number
  readonly serviceName?: string
  readonly podTemplateHash?: string
}

export interface TrafficWeights {
  readonly canary: WeightDestination
  readonly stable: WeightDestination
  readonly additional?: readonly WeightDestination[]
  readonly verified?: boolean | undefined
}

export interface Condition {
  readonly type: string
  readonly status: 'True' | 'False' | 'Unknown'
  readonly lastUpdateTime: string
  readonly lastTransitionTime: string
  readonly reason: string
  readonly message: string
}

export interface RunStatus { readonly name: string; readonly status: string; readonly message?: string | undefined }

export interface PauseCondition { readonly reason: string; readonly startTime: string }

export interface RolloutStatus {
  readonly abort?: boolean | undefined
  readonly pauseConditions?: readonly PauseCondition[] | undefined
  readonly controllerPause?: boolean | undefined
  readonly abortedAt?: string | undefined
  readonly currentPodHash?: string | undefined
  readonly currentStepHash?: string | undefined
  readonly replicas?: number | undefined
  readonly updatedReplicas?: number | undefined
  readonly readyReplicas?: number | undefined
  readonly availableReplicas?: number | undefined
  readonly currentStepIndex?: number | undefined
  readonly collisionCount?: number | undefined
  readonly observedGeneration?: string | undefined
  readonly conditions?: readonly Condition[] | undefined
  readonly canary?: CanaryStatus | undefined
  readonly blueGreen?: BlueGreenStatus | undefined
  readonly HPAReplicas?: number | undefined
  readonly selector?: string | undefined
  readonly stableRS?: string | undefined
  readonly restartedAt?: string | undefined
  readonly promoteFull?: boolean | undefined
  readonly phase?: string | undefined
  readonly message?: string | undefined
  readonly workloadObservedGeneration?: string | undefined
}

export interface CanaryStatus {
  readonly currentStepAnalysisRunStatus?: RunStatus | undefined
  readonly currentBackgroundAnalysisRunStatus?: RunStatus | undefined
  readonly currentExperiment?: string | undefined
  readonly weights?: TrafficWeights | undefined
  readonly stablePingPong?: 'ping' | 'pong' | undefined
  readonly stepPluginStatuses?: readonly StepPluginStatus[] | undefined
}

export interface StepPluginStatus { readonly index: number; readonly name: string; readonly operation: string; readonly phase?: string; readonly [field: string]: unknown }

export interface BlueGreenStatus {
  readonly previewSelector?: string | undefined
  readonly activeSelector?: string | undefined
  readonly scaleUpPreviewCheckPoint?: boolean | undefined
  readonly prePromotionAnalysisRunStatus?: RunStatus | undefined
  readonly postPromotionAnalysisRunStatus?: RunStatus | undefined
}
