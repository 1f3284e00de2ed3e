import { isMap, type KubeObject } from '@rollsync/manifests'
import type { Run } from '@rollsync/revert'
import type { Cluster, ObjectName, RolloutPatch } from './cluster.ts'
import { GateError } from './gate-error.ts'

/** Which kubectl, and which of its contexts; the current one where not given. */
export interface KubectlOptions {
  readonly run: Run
  readonly program?: string
  readonly context?: string
}

/** The cluster through the user's own kubectl: its configuration, its credentials, no shell. */
export function kubectlCluster(options: KubectlOptions): Cluster {
  const kubectl = async (...args: readonly string[]): Promise<string> => runKubectl(options, args)
  const get = async (resource: string, { namespace, name }: ObjectName): Promise<KubeObject> => readObject(await kubectl('get', resource, name, '-n', namespace, '-o', 'json'))
  return {
    getRollout: async (name) => get(rollouts, name),
    getApplication: async (name) => get(applications, name),
    getReplicaSets: async (namespace) => readList(await kubectl('get', 'replicasets.apps', '-n', namespace, '-l', 'rollouts-pod-template-hash', '-o', 'json')),
    mayPatchRollout: async (name) => canPatch(options, name),
    patchRollout: async (name, patch) => patchRollout(kubectl, name, patch),
    refreshApplication: async ({ namespace, name }) => {
      await kubectl('patch', applications, name, '-n', namespace, '--type', 'merge', '-p', '{"metadata":{"annotations":{"argocd.argoproj.io/refresh":"normal"}}}')
    },
  }
}

const rollouts = 'rollouts.argoproj.io'
const applications = 'applications.argoproj.io'

// promote.go, abort.go: a Rollout whose CRD has no status subresource answers NotFound, and is patched as a whole.
async function patchRollout(kubectl: (...args: readonly string[]) => Promise<string>, { namespace, name }: ObjectName, { on, patch }: RolloutPatch): Promise<void> {
  const words = ['patch', rollouts, name, '-n', namespace, '--type', 'merge', '-p', patch]
  if (on === 'spec') return void (await kubectl(...words))
  await kubectl(...words, '--subresource', 'status').catch(async (error: unknown) => {
    if (!(error instanceof GateError) || error.code !== 'not-found') throw error
    await kubectl(...words)
  })
}

/** `auth can-i` says no with exit code 1, and everything else that goes wrong with it too. */
async function canPatch(options: KubectlOptions, { namespace, name }: ObjectName): Promise<'yes' | 'no' | 'unknown'> {
  const { run, program = 'kubectl' } = options
  const ran = await run(program, wordsFor(options, ['auth', 'can-i', 'patch', `${rollouts}/${name}`, '--subresource', 'status', '-n', namespace]), {}).catch(() => undefined)
  const said = ran === undefined ? '' : new TextDecoder().decode(ran.stdout).trim().split(/\s/)[0]
  return said === 'yes' || said === 'no' ? said : 'unknown'
}

function wordsFor({ context }: KubectlOptions, args: readonly string[]): readonly string[] {
  return [...(context === undefined ? [] : ['--context', context]), '--request-timeout', '20s', ...args]
}

async function runKubectl(options: KubectlOptions, args: readonly string[]): Promise<string> {
  const { run, program = 'kubectl' } = options
  const ran = await run(program, wordsFor(options, args), {}).catch((cause: unknown) => {
    throw new GateError('no-kubectl', `${program} cannot be run`, { hint: 'install kubectl, or name it with --kubectl', cause })
  })
  if (ran.code === 0) return new TextDecoder().decode(ran.stdout)
  const said = ran.stderr.trim().split('\n').at(-1) ?? ''
  const { code, hint } = kindOf(said)
  throw new GateError(code, `kubectl ${args[0]} ${args[1]}: ${said === '' ? `exit code ${ran.code}` : said}`, hint === undefined ? {} : { hint })
}

function kindOf(said: string): { readonly code: 'not-found' | 'denied' | 'unreachable'; readonly hint?: string } {
  if (/\(NotFound\)|doesn't have a resource type/.test(said)) return { code: 'not-found', hint: 'check the name, the namespace and --context' }
  if (/\(Forbidden\)|\(Unauthorized\)|must be logged in/.test(said)) return { code: 'denied', hint: 'docs/gate.md lists the rights that a gate needs' }
  return { code: 'unreachable', hint: 'is it the right cluster? --context and KUBECONFIG choose it' }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new GateError('unreachable', 'the answer of kubectl is not JSON', { hint: 'is --kubectl a kubectl?', cause })
  }
}

function readObject(text: string): KubeObject {
  const value = readJson(text)
  if (!isMap(value) || !isMap(value['metadata']) || typeof value['kind'] !== 'string') throw new GateError('unreachable', 'the answer of kubectl is no object of Kubernetes')
  return value as unknown as KubeObject
}

function readList(text: string): readonly KubeObject[] {
  const value = readJson(text)
  if (!isMap(value) || !Array.isArray(value['items'])) throw new GateError('unreachable', 'the answer of kubectl is no list of objects')
  return value['items'].filter((item) => isMap(item) && isMap(item['metadata'])) as unknown as readonly KubeObject[]
}
