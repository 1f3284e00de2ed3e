import { type AppProject, type ProjectDestination, readAppProject } from '@rollsync/argocd'
import { isMap, type Manifest, valueAt } from '@rollsync/manifests'
import type { ApplicationScope, Repository } from './discover/repository.ts'

export interface FoundProject {
  readonly manifest: Manifest
  readonly project: AppProject
}

/** The AppProjects of a repository. */
export interface Projects {
  /** In the order of the files. */
  readonly all: readonly FoundProject[]
  /** The project of an Application where the repository holds exactly one of its name; several may be those of several Argo CDs. */
  readonly of: (application: ApplicationScope) => FoundProject | undefined
}

export function projectsOf({ manifests }: Repository): Projects {
  const all = manifests.filter(({ ref }) => ref.group === 'argoproj.io' && ref.kind === 'AppProject').map((manifest) => ({ manifest, project: readAppProject(manifest.value) }))
  return {
    all,
    of: (application) => {
      const named = all.filter(({ project }) => project.name === projectNameOf(application))
      const [only] = named
      return named.length === 1 ? only : undefined
    },
  }
}

/** types.go GetProject: an empty name is the project `default`. */
export function projectNameOf({ manifest }: ApplicationScope): string {
  const name = valueAt(manifest.value, '/spec/project')
  return typeof name === 'string' && name !== '' ? name : 'default'
}

/** The cluster that Argo CD runs in is known by both unless it was given another name. */
const inCluster = { server: 'https://kubernetes.default.svc', name: 'in-cluster' } as const

/** Where an Application goes; undefined where the project asks for the name of a cluster of which Git has the server, or the other way round, or for clusters that belong to the project: that only Argo CD knows. */
export function destinationOf({ manifest }: ApplicationScope, { destinations, permitOnlyProjectScopedClusters }: AppProject): ProjectDestination | undefined {
  const given = valueAt(manifest.value, '/spec/destination')
  if (!isMap(given) || permitOnlyProjectScopedClusters === 'yes') return undefined
  const text = (key: string): string => (typeof given[key] === 'string' ? given[key] : '')
  const [server, name, namespace] = [text('server'), text('name'), text('namespace')]
  if (server === inCluster.server || name === inCluster.name) return { ...inCluster, namespace }
  if (server === '' && name === '') return undefined
  const asksForOther = destinations.some((item) => (server === '' ? item.server !== '' && item.server !== '*' : item.name !== '' && item.name !== '*'))
  return asksForOther ? undefined : { server: server === '' ? unknown : server, name: name === '' ? unknown : name, namespace }
}

/** What `*` matches and nothing else does. */
const unknown = '\u0000'
