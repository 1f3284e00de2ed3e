import { writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { type Manifest, toYaml, valueAt } from '@rollsync/manifests'
import { copyIntoGit, isApplication, type LocalRepository } from '../../lab/local-repository.ts'
import { defineUnknownKinds } from '../../lab/unknown-kinds.ts'
import { ClusterError } from '../cluster-error.ts'
import { kubectlFor } from '../kubectl.ts'
import { readRunning } from './running-cluster.ts'

/** Deploys a folder into the cluster that runs in the background. */
export async function seedFolder(given: string, folder: string, say: (line: string) => void): Promise<void> {
  const running = readRunning(folder)
  if (running === undefined) throw new ClusterError('refused', 'no cluster is running', 'pnpm cluster start')
  const kubectl = kubectlFor(running.programs['kubectl'] ?? 'kubectl', running.site.kubeconfig)
  // pnpm runs its scripts at the root; INIT_CWD is where the person stands.
  const source = resolve(process.env['INIT_CWD'] ?? process.cwd(), given)
  const place = join(folder, 'git', basename(source))
  const repository = copyIntoGit(source, place)
  const { namespaces, loose, applications } = sortedOut(repository)
  const apply = async (name: string, objects: readonly unknown[]): Promise<void> => {
    if (objects.length === 0) return
    const file = join(place, `${name}.yaml`)
    writeFileSync(file, objects.map((object) => toYaml(object)).join('---\n'))
    for (const line of (await kubectl(['apply', '-f', file])).trim().split('\n')) say(line)
  }
  for (const kind of await defineUnknownKinds(repository.manifests.map(({ value }) => value), kubectl, join(place, 'kinds.yaml'))) say(`kind ${kind} is defined, and nothing acts on it`)
  await apply('namespaces', namespaces.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })))
  await apply('loose', loose.map(({ value }) => value))
  await apply('applications', applications.map(({ value }) => repository.point(value)))
  say(`Git: file://${repository.bare}, branch main; commit in ${repository.tree} and push`)
}

interface SortedOut {
  readonly namespaces: readonly string[]
  readonly loose: readonly Manifest[]
  readonly applications: readonly Manifest[]
}

const builtIn = new Set(['default', 'kube-system', 'argocd'])

/** What an Application deploys is left to it; the rest is loose. */
export function sortedOut({ manifests }: Pick<LocalRepository, 'manifests'>): SortedOut {
  const applications = manifests.filter(isApplication)
  const others = manifests.filter((one) => !one.ref.group.startsWith('argoproj.io') || !/^(Application|ApplicationSet|AppProject)$/.test(one.ref.kind))
  const deploys = applications.map(({ value }) => String(valueAt(value, '/spec/source/path') ?? '.').replace(/^\.\/?/, '').replace(/\/$/, ''))
  const isDeployed = ({ file }: Manifest): boolean => deploys.some((path) => path === '' || file.startsWith(`${path}/`))
  const wanted = [...applications.map(({ value }) => valueAt(value, '/spec/destination/namespace')), ...others.map(({ ref }) => ref.namespace), ...others.filter(({ ref }) => ref.kind === 'Namespace').map(({ ref }) => ref.name)]
  const namespaces = [...new Set(wanted.filter((name): name is string => typeof name === 'string' && name !== '' && !builtIn.has(name)))].sort()
  return { namespaces, applications, loose: others.filter((one) => !isDeployed(one) && one.ref.kind !== 'Namespace' && one.ref.kind !== 'Kustomization') }
}
