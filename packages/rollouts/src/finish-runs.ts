import type { Cluster } from './cluster.ts'
import type { RunPhase } from './event.ts'
import { objectsOf, withObject } from './world.ts'

const UNFINISHED: ReadonlySet<unknown> = new Set([undefined, '', 'Pending', 'Running'])

export function finishRuns(cluster: Cluster, phase: RunPhase, message: string | undefined): Cluster {
  const world = objectsOf(cluster.world, 'AnalysisRun').reduce((current, run) => {
    const status = (run['status'] ?? {}) as { readonly phase?: string }
    return UNFINISHED.has(status.phase) ? withObject(current, { ...run, status: { ...status, phase, ...(message === undefined ? {} : { message }) } }) : current
  }, cluster.world)
  return { ...cluster, world }
}

export function finishExperiments(cluster: Cluster, phase: RunPhase, message: string | undefined): Cluster {
  const world = objectsOf(cluster.world, 'Experiment').reduce((current, experiment) => {
    const status = (experiment['status'] ?? {}) as { readonly phase?: string }
    if (!UNFINISHED.has(status.phase)) return current
    const templates = ((experiment['spec'] as { readonly templates?: readonly { readonly name: string; readonly service?: unknown }[] }).templates ?? []).map((template) => ({
      name: template.name, podTemplateHash: `experiment-${template.name}`, ...(template.service === undefined ? {} : { serviceName: `${experiment.metadata.name}-${template.name}` }),
    }))
    return withObject(current, { ...experiment, status: { ...status, phase, ...(message === undefined ? {} : { message }), templateStatuses: templates } })
  }, cluster.world)
  return { ...cluster, world }
}
