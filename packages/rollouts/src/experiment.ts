import { fail } from './controller-failure.ts'
import { hasPauseCondition, isAborted, type Pass, type Run } from './pass.ts'
import { addAbort } from './pause.ts'
import { HASH_LABEL, type ReplicaSet, REVISION } from './replica-set.ts'
import type { ExperimentStep } from './rollout.ts'
import { cancelRuns, createRun, deleteOldRuns, ownerReference } from './runs.ts'
import { currentStep } from './steps.ts'

const TERMINATE = '{"spec":{"terminate":true}}'

/** experiment.go reconcileExperiments. */
export function reconcileExperiments(pass: Pass): void {
  const { rollout } = pass
  if (isAborted(pass) || rollout.status.promoteFull === true) {
    cancelRuns(pass, [...pass.otherExperiments, pass.currentExperiment], TERMINATE)
    return
  }
  if (hasPauseCondition(rollout, 'InconclusiveAnalysisRun')) return
  const step = currentStep(rollout).step?.experiment
  if (step !== undefined) {
    if (pass.currentExperiment === undefined && pass.stableRS === undefined) return
    conclude(pass, pass.currentExperiment ?? createRun(pass, experimentOf(pass, step), '-'))
  }
  const others = step === undefined && pass.currentExperiment !== undefined ? [...pass.otherExperiments, pass.currentExperiment] : pass.otherExperiments
  cancelRuns(pass, others, TERMINATE)
  deleteOldRuns(pass, others)
}

function conclude(pass: Pass, experiment: Run): void {
  const phase = experiment.status?.phase
  if (phase === 'Inconclusive') pass.pause.add.add('InconclusiveExperiment')
  else if (phase === 'Error' || phase === 'Failed') addAbort(pass, abortText(pass, experiment.status?.message ?? ''))
  else if (phase !== 'Successful') {
    pass.currentExperiment = experiment
    pass.newStatus.currentExperiment = experiment.metadata.name
    pass.otherExperiments = pass.otherExperiments.filter((other) => other.metadata.name !== experiment.metadata.name)
  }
}

function abortText(pass: Pass, message: string): string {
  if (!pass.profile.has.explainsAborts) return message
  const text = 'Experiment analysis phase is error/failed'
  return message === '' ? text : `${text}: ${message}`
}

// experiment.go GetExperimentFromTemplate
function experimentOf(pass: Pass, step: ExperimentStep): Run {
  const { rollout, templateHash } = pass
  const revision = rollout.metadata.annotations?.[REVISION] ?? ''
  const templates = (step.templates ?? []).map((template) => {
    const from = template.specRef === 'canary' ? pass.newRS : template.specRef === 'stable' ? pass.stableRS : fail('Invalid template step SpecRef: must be canary or stable')
    const service = template.weight === undefined && template.service === undefined ? {} : { service: template.service?.name === undefined ? {} : { name: template.service.name } }
    return { name: template.name, ...(template.replicas === undefined ? {} : { replicas: template.replicas }), ...service, template: (from as ReplicaSet).spec.template }
  })
  const { namespace } = rollout.metadata
  return {
    apiVersion: 'argoproj.io/v1alpha1', kind: 'Experiment',
    metadata: {
      name: `${rollout.metadata.name}-${templateHash}-${revision}-${rollout.status.currentStepIndex ?? 0}`, ...(namespace === undefined ? {} : { namespace }),
      labels: { ...rollout.metadata.labels, [HASH_LABEL]: templateHash }, annotations: { [REVISION]: revision }, ownerReferences: [ownerReference(rollout)],
    },
    spec: { templates },
  }
}
