import type { Repository } from './discover/repository.ts'
import type { CheckedObject } from './finding.ts'

const kinds = new Set(['argoproj.io/Application', 'argoproj.io/ApplicationSet', 'argoproj.io/Rollout', 'networking.k8s.io/Ingress'])

/** The objects that rules speak about, in the order of files and lines, for reports that also count what is in order. */
export function checkedObjects(repository: Repository): readonly CheckedObject[] {
  return repository.manifests.filter(({ ref }) => kinds.has(`${ref.group}/${ref.kind}`)).map((manifest) => ({ resource: manifest.ref, file: manifest.file, line: manifest.at('').line }))
}
