import { isMap, valueAt } from '@rollsync/manifests'
import { findSites } from './found-site.ts'
import type { Oid } from './git-objects.ts'
import type { RolloutName } from './locate.ts'
import type { Repository } from './repositories/repository.ts'
import { RevertError } from './revert-error.ts'
import { screenFiles } from './screen-files.ts'

/** The Rollouts that a commit's manifests hold, as NAMESPACE/NAME where they say one. */
async function rolloutsIn(repository: Repository, commit: Oid, paths: readonly string[]): Promise<readonly string[]> {
  const { files } = await screenFiles(repository, commit, paths, ['Rollout'])
  const objects = findSites(files).documents.flatMap(({ value }) => (isMap(value) && Array.isArray(value['items']) ? (value['items'] as readonly unknown[]) : [value]))
  return [...new Set(objects.flatMap((object) => {
    const [name, namespace] = [valueAt(object, '/metadata/name'), valueAt(object, '/metadata/namespace')]
    if (valueAt(object, '/kind') !== 'Rollout' || typeof name !== 'string') return []
    return [typeof namespace === 'string' ? `${namespace}/${name}` : name]
  }))].sort()
}

/** The error for a Rollout that no manifest holds, with those that there are. */
export async function noSuchRollout(repository: Repository, commit: Oid, paths: readonly string[], { name, namespace }: RolloutName): Promise<RevertError> {
  const wanted = namespace === undefined || namespace === '' ? name : `${namespace}/${name}`
  const all = await rolloutsIn(repository, commit, paths)
  const shown = `${all.slice(0, 10).join(', ')}${all.length > 10 ? ` and ${all.length - 10} more` : ''}`
  if (all.includes(wanted) || all.includes(name)) return new RevertError('no-site', `Rollout ${wanted} does not name this image, or none at all`, { hint: 'give --image NAME, and no --rollout where a chart or an overlay sets it' })
  return new RevertError('no-site', `no file holds a Rollout ${wanted}`, { hint: all.length === 0 ? `there is none${paths.length === 0 ? '' : ' below --path'}; give --image NAME alone where it is made by a chart` : `there is ${shown}; give --image NAME alone where it is made by a chart` })
}
