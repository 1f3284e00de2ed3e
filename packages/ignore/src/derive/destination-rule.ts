import { isMap } from '@rollsync/manifests'
import type { ObjectKind } from './object-kind.ts'
import { itemsAt, kindOfPlaces, type OwnedPlace, selectAny } from './places.ts'
import { distinctTexts, routerConfig } from './rollout-names.ts'

const hash = 'rollouts-pod-template-hash'

/** Istio DestinationRule: the hash among the labels of the two subsets; the whole labels of a subset that has none in Git, as an emptied map is still a difference. */
export const destinationRule: ObjectKind = kindOfPlaces(
  ({ group, kind }) => group === 'networking.istio.io' && kind === 'DestinationRule',
  (object, { rollout }) => {
    const rule = routerConfig(rollout, 'istio')?.['destinationRule']
    if (!isMap(rule) || rule['name'] !== object.metadata.name) return []
    const names = distinctTexts([rule['canarySubsetName'], rule['stableSubsetName']])
    const bare = itemsAt(object, ['spec', 'subsets']).filter(({ item }) => !isMap(item['labels'])).map(({ item }) => String(item['name']))
    const place = (chosen: readonly string[], field: string, tail: readonly string[]): readonly OwnedPlace[] => (chosen.length === 0 ? [] : [{
      what: `the labels of ${chosen.length === 1 ? 'subset' : 'subsets'} ${chosen.join(', ')}`,
      expression: `.spec.subsets[]?|${selectAny('.name', chosen)}|${field}`,
      at: (one) => itemsAt(one, ['spec', 'subsets']).filter(({ item }) => chosen.includes(String(item['name']))).map(({ path }) => [...path, ...tail]),
    }])
    return [
      ...place(names.filter((name) => !bare.includes(name)), `.labels["${hash}"]`, ['labels', hash]),
      ...place(names.filter((name) => bare.includes(name)), '.labels', ['labels']),
    ]
  },
)
