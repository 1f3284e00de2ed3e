import { group } from '../group.ts'
import type { DeployedObject } from './repository.ts'

/** What a Rollout may see of its namespace, each object once. A namespace may hold a thousand Rollouts, each of which looks for what it names: nothing here is searched from end to end. */
export interface Surroundings {
  readonly objects: readonly DeployedObject[]
  readonly ofKind: (kind: string) => readonly DeployedObject[]
  /** Those with any of these names, in the order of `objects`. */
  readonly named: (names: ReadonlySet<string>) => readonly DeployedObject[]
  /** Some of the objects in the order of all, each once. */
  readonly inOrder: (some: readonly DeployedObject[]) => readonly DeployedObject[]
}

export function surroundings(objects: readonly DeployedObject[]): Surroundings {
  const kinds = group(objects, ({ object }) => object.kind)
  const names = group(objects, ({ object }) => object.metadata.name)
  const places = new Map(objects.map((one, index) => [one, index]))
  const inOrder = (some: readonly DeployedObject[]): readonly DeployedObject[] => [...new Set(some)].sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0))
  return {
    objects,
    ofKind: (kind) => kinds.get(kind) ?? [],
    named: (wanted) => inOrder([...wanted].flatMap((name) => names.get(name) ?? [])),
    inOrder,
  }
}
