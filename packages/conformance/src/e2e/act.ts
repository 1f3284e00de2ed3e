import { describeEvent } from '@rollsync/rollouts'
import type { Cluster } from '../cluster/start.ts'
import type { Resource } from '../cluster/api.ts'
import { resources } from '../cluster/seed.ts'
import type { ManifestRepository } from './manifest-repository.ts'
import { runCommand } from './run-command.ts'
import type { LiveEvent, Scenario } from './scenario.ts'

/** Where a scenario is lived. */
export interface Stage {
  readonly cluster: Cluster
  readonly namespace: string
  readonly repository: ManifestRepository
  readonly scenario: Scenario
}

const plurals: Readonly<Record<string, Resource>> = {
  Ingress: resources.ingresses, Service: resources.services, Rollout: resources.rollouts, ReplicaSet: resources.replicaSets,
}

/** Makes an event happen: through the real kubectl, its plugin, Git or the API server. */
export async function act(event: LiveEvent, stage: Stage): Promise<void> {
  const { cluster, namespace, repository, scenario } = stage
  const name = ('rollout' in event ? event.rollout : undefined) ?? scenario.rollout
  const plugin = async (...args: readonly string[]): Promise<void> => void (await cluster.rolloutsPlugin([...args, '-n', namespace]))
  const patchRollout = async (patch: unknown): Promise<void> => void (await cluster.api.patch(resources.rollouts, namespace, name, 'merge', patch, { manager: 'kubectl-patch' }))
  switch (event.do) {
    case 'commit': return repository.commit(event)
    case 'revert': return revert(event, stage)
    case 'restart-program': return cluster.restart(event.program, 'SIGKILL')
    case 'promote': return plugin('promote', name, ...(event.skip === undefined ? [] : [event.skip === 'all-steps' ? '--skip-all-steps' : '--skip-current-step']))
    case 'promote-full': return plugin('promote', name, '--full')
    case 'abort': return plugin('abort', name)
    case 'retry': return plugin('retry', 'rollout', name)
    case 'restart': return plugin('restart', name)
    case 'pause': return plugin('pause', name)
    case 'resume': return patchRollout({ spec: { paused: null } })
    case 'undo': return plugin('undo', name, ...(event.to === undefined ? [] : [`--to-revision=${event.to}`]))
    case 'scale': return patchRollout({ spec: { replicas: event.replicas } })
    case 'edit': return void (await cluster.api.patch(resourceOf(event.kind), namespace, event.name, 'merge', event.patch, { manager: 'kubectl-edit' }))
    case 'delete': return cluster.api.remove(resourceOf(event.kind), namespace, event.name)
    case 'pods': return cluster.pods.decide(namespace, event.image, 'available' in event ? { available: event.available } : event.state)
    case 'wait': return new Promise((resolve) => setTimeout(resolve, event.seconds * 1000))
    case 'sync': return undefined
    case 'apply': case 'overwrite': case 'analysis': case 'experiment': case 'interrupt': throw new Error(`no scenario does this yet: ${describeEvent(event)}`)
    default: return event satisfies never
  }
}

function resourceOf(kind: string): Resource {
  const found = plurals[kind]
  if (found === undefined) throw new Error(`no scenario touches a ${kind} yet`)
  return found
}

/** The published command, on the bare repository that Argo CD reads. */
async function revert({ to, rollout }: Extract<LiveEvent, { readonly do: 'revert' }>, { repository }: Stage): Promise<void> {
  const env = { GIT_AUTHOR_NAME: 'rollsync', GIT_AUTHOR_EMAIL: 'rollsync@example.com', GIT_COMMITTER_NAME: 'rollsync', GIT_COMMITTER_EMAIL: 'rollsync@example.com' }
  await runCommand(['revert', '--repo', repository.bare, '--branch', 'main', '--rollout', rollout, '--to', to, '--reason', 'the canary failed'], [0], { env })
}
