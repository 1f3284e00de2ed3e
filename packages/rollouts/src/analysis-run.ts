import { notFound } from './born.ts'
import { fail } from './controller-failure.ts'
import { type Pass, refIn, type Run } from './pass.ts'
import { pauseCondition } from './pause.ts'
import { HASH_LABEL, hashOf, REVISION } from './replica-set.ts'
import type { RolloutAnalysis } from './rollout.ts'
import { createRun, ownerReference } from './runs.ts'

/** The patch that ends a run: analysis.go:25. */
export const CANCEL_ANALYSIS = '{\n\t\t"spec": {\n\t\t\t"terminate": true\n\t\t}\n\t}'

/** analysis.go needsNewAnalysisRun, for a run that exists. */
export function needsNewRun({ rollout, profile }: Pass, run: Run): boolean {
  const heldByStep = profile.has.keepsStartedAnalysis && pauseCondition(rollout, 'CanaryPauseStep') !== undefined
  if (rollout.status.controllerPause === true && !heldByStep && pauseCondition(rollout, 'BlueGreenPause') === undefined) return run.status?.phase === 'Inconclusive'
  return rollout.status.abortedAt !== undefined
}

/** analysis.go createAnalysisRun: `<rollout>-<hash>-<revision>[-<infix>]`. */
export function createAnalysisRun(pass: Pass, analysis: RolloutAnalysis, infix: string, labels: Readonly<Record<string, string>>): Run {
  const { rollout } = pass
  const templates = (analysis.templates ?? []).map(({ templateName, clusterScope }) => {
    const ref = clusterScope === true ? { group: 'argoproj.io', kind: 'ClusterAnalysisTemplate', namespace: '', name: templateName } : refIn(pass, 'AnalysisTemplate', 'argoproj.io', templateName)
    return pass.client.get(ref) ?? fail(notFound(ref))
  })
  const hash = hashOf(pass.newRS)
  const revision = rollout.metadata.annotations?.[REVISION] ?? ''
  const { namespace } = rollout.metadata
  return createRun(pass, {
    apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisRun',
    metadata: {
      name: [rollout.metadata.name, hash, revision, ...(infix === '' ? [] : [infix])].join('-'), ...(namespace === undefined ? {} : { namespace }),
      labels: { ...labels, [HASH_LABEL]: hash, ...rollout.spec.selector?.matchLabels }, annotations: { [REVISION]: revision }, ownerReferences: [ownerReference(rollout)],
    },
    spec: { templates: templates.map((template) => template['spec']), args: analysis.args ?? [] } as NonNullable<Run['spec']>,
  }, '.')
}
