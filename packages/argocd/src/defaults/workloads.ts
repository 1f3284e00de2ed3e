import type { JsonMap } from '../json-map.ts'
import { defaultPodTemplate } from './pod.ts'
import { ensureMap, mapAt, mapsAt, setIfNil, setIfZero } from './set.ts'

/** apps/v1/defaults.go SetDefaults_Deployment. */
export function defaultDeployment(deployment: JsonMap): void {
  const spec = ensureMap(deployment, 'spec')
  setIfNil(spec, 'replicas', 1)
  defaultRolling(ensureMap(spec, 'strategy'), { maxUnavailable: '25%', maxSurge: '25%' })
  setIfNil(spec, 'revisionHistoryLimit', 10)
  setIfNil(spec, 'progressDeadlineSeconds', 600)
  defaultPodTemplate(ensureMap(spec, 'template'))
}

function defaultRolling(strategy: JsonMap, defaults: { readonly maxUnavailable: string | number; readonly maxSurge: string | number }): void {
  setIfZero(strategy, 'type', 'RollingUpdate')
  if (strategy['type'] !== 'RollingUpdate') return
  const rolling = ensureMap(strategy, 'rollingUpdate')
  setIfNil(rolling, 'maxUnavailable', defaults.maxUnavailable)
  setIfNil(rolling, 'maxSurge', defaults.maxSurge)
}

export function defaultReplicaSet(replicaSet: JsonMap): void {
  const spec = ensureMap(replicaSet, 'spec')
  setIfNil(spec, 'replicas', 1)
  defaultPodTemplate(ensureMap(spec, 'template'))
}

/** core/v1/defaults.go SetDefaults_ReplicationController: the template's labels stand in for selector and labels. */
export function defaultReplicationController(controller: JsonMap): void {
  const spec = ensureMap(controller, 'spec')
  const template = mapAt(spec, 'template')
  const labels = mapAt(spec, 'template', 'metadata', 'labels')
  if (labels) {
    if (Object.keys(mapAt(spec, 'selector') ?? {}).length === 0) spec['selector'] = { ...labels }
    if (Object.keys(mapAt(controller, 'metadata', 'labels') ?? {}).length === 0) ensureMap(controller, 'metadata')['labels'] = { ...labels }
  }
  setIfNil(spec, 'replicas', 1)
  if (template) defaultPodTemplate(template)
}

export function defaultDaemonSet(daemonSet: JsonMap): void {
  const spec = ensureMap(daemonSet, 'spec')
  defaultRolling(ensureMap(spec, 'updateStrategy'), { maxUnavailable: 1, maxSurge: 0 })
  setIfNil(spec, 'revisionHistoryLimit', 10)
  defaultPodTemplate(ensureMap(spec, 'template'))
}

export function defaultStatefulSet(statefulSet: JsonMap): void {
  const spec = ensureMap(statefulSet, 'spec')
  setIfZero(spec, 'podManagementPolicy', 'OrderedReady')
  const strategy = ensureMap(spec, 'updateStrategy')
  if (!strategy['type']) { strategy['type'] = 'RollingUpdate'; ensureMap(strategy, 'rollingUpdate') }
  const rolling = strategy['type'] === 'RollingUpdate' ? mapAt(strategy, 'rollingUpdate') : undefined
  if (rolling) setIfNil(rolling, 'partition', 0)
  const retention = ensureMap(spec, 'persistentVolumeClaimRetentionPolicy')
  setIfZero(retention, 'whenDeleted', 'Retain')
  setIfZero(retention, 'whenScaled', 'Retain')
  setIfNil(spec, 'replicas', 1)
  setIfNil(spec, 'revisionHistoryLimit', 10)
  defaultPodTemplate(ensureMap(spec, 'template'))
  for (const claim of mapsAt(spec, 'volumeClaimTemplates')) defaultClaim(claim)
}

export function defaultClaim(claim: JsonMap): void {
  setIfZero(ensureMap(claim, 'status'), 'phase', 'Pending')
  setIfNil(ensureMap(claim, 'spec'), 'volumeMode', 'Filesystem')
}

/** batch/v1/defaults.go SetDefaults_Job. */
export function defaultJob(job: JsonMap): void {
  const spec = ensureMap(job, 'spec')
  if (spec['completions'] === undefined && spec['parallelism'] === undefined) spec['completions'] = 1
  setIfNil(spec, 'parallelism', 1)
  setIfNil(spec, 'backoffLimit', spec['backoffLimitPerIndex'] === undefined ? 6 : 0x7fffffff)
  const labels = mapAt(spec, 'template', 'metadata', 'labels')
  if (labels && Object.keys(mapAt(job, 'metadata', 'labels') ?? {}).length === 0) ensureMap(job, 'metadata')['labels'] = { ...labels }
  defaultJobSpec(spec)
}

function defaultJobSpec(spec: JsonMap): void {
  setIfNil(spec, 'completionMode', 'NonIndexed')
  setIfNil(spec, 'suspend', false)
  setIfNil(spec, 'podReplacementPolicy', spec['podFailurePolicy'] === undefined ? 'TerminatingOrFailed' : 'Failed')
  setIfNil(spec, 'manualSelector', false)
  defaultPodTemplate(ensureMap(spec, 'template'))
  for (const rule of mapsAt(spec, 'podFailurePolicy', 'rules')) for (const pattern of mapsAt(rule, 'onPodConditions')) setIfZero(pattern, 'status', 'True')
}

/** batch/v1/defaults.go SetDefaults_CronJob; the Job template gets only the defaults of its pods. */
export function defaultCronJob(cronJob: JsonMap): void {
  const spec = ensureMap(cronJob, 'spec')
  setIfZero(spec, 'concurrencyPolicy', 'Allow')
  setIfNil(spec, 'suspend', false)
  setIfNil(spec, 'successfulJobsHistoryLimit', 3)
  setIfNil(spec, 'failedJobsHistoryLimit', 1)
  defaultPodTemplate(ensureMap(ensureMap(ensureMap(spec, 'jobTemplate'), 'spec'), 'template'))
}
