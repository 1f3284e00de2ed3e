import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type KubeObject, valueAt } from '@rollsync/manifests'
import { ClusterError } from '../cluster/cluster-error.ts'
import type { LabDay } from './lab-day.ts'

/** Kinds that an edit or a delete of a script reaches. */
const kinds = new Set(['Ingress', 'Service', 'Rollout', 'ReplicaSet'])

/** Throws a ClusterError `refused` for a day that cannot be lived here. `renderer`: what makes manifests of what stands in the Application's path. */
export function checkPlayable({ application, rollout, events }: Pick<LabDay, 'application' | 'rollout' | 'events'>, renderer?: string): void {
  const { name } = application.metadata
  const destination = valueAt(application, '/spec/destination/namespace')
  const namespace = rollout.metadata.namespace ?? 'default'
  if (destination !== namespace) {
    throw new ClusterError('refused', `Application ${name} deploys to namespace ${String(destination ?? '(none)')}, and Rollout ${rollout.metadata.name} names ${namespace}`, 'lab follows one namespace: give spec.destination.namespace that one')
  }
  for (const { event, text } of events) {
    if (event.do === 'commit' && renderer !== undefined) {
      throw new ClusterError('refused', `${text}: ${renderer} renders Application ${name}, and lab commits to plain manifests alone`, 'give a script of events without commits (--events), or a folder with the rendered manifests')
    }
    const played = 'kind' in event && event.do !== 'commit' && event.do !== 'overwrite' ? kinds.has(event.kind) : !['apply', 'overwrite', 'analysis', 'experiment', 'interrupt'].includes(event.do)
    if (!played) throw new ClusterError('refused', `lab cannot make this happen: ${text}`, 'docs/lab.md lists the events that it knows')
  }
}

/** What renders the Application's path, if anything does. */
export function usesRenderer(tree: string, application: KubeObject): string | undefined {
  const path = join(tree, String(valueAt(application, '/spec/source/path') ?? '.'))
  if (valueAt(application, '/spec/source/chart') !== undefined || existsSync(join(path, 'Chart.yaml'))) return 'helm'
  if (['kustomization.yaml', 'kustomization.yml', 'Kustomization'].some((file) => existsSync(join(path, file)))) return 'kustomize'
  return valueAt(application, '/spec/source/plugin') === undefined ? undefined : 'a plugin'
}
