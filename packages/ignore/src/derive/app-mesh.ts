import { isMap, type KubeObject } from '@rollsync/manifests'
import type { FieldPath, ObjectKind } from './object-kind.ts'
import { itemsAt, kindOfPlaces, selectAny } from './places.ts'
import { distinctTexts, listOf, routerConfig } from './rollout-names.ts'

const group = 'appmesh.k8s.aws'
const protocols = ['httpRoute', 'tcpRoute', 'http2Route', 'grpcRoute'] as const

function nodesOf(rollout: KubeObject): readonly string[] {
  const nodes = routerConfig(rollout, 'appMesh')?.['virtualNodeGroup']
  const name = (ref: unknown): unknown => (isMap(ref) ? ref['name'] : undefined)
  return isMap(nodes) ? distinctTexts([name(nodes['canaryVirtualNodeRef']), name(nodes['stableVirtualNodeRef'])]) : []
}

/** The VirtualRouter of AWS App Mesh: the weights of the two VirtualNodes in the routes that the Rollout names, in all where it names none (appmesh.go:153). */
export const virtualRouter: ObjectKind = kindOfPlaces(
  (ref) => ref.group === group && ref.kind === 'VirtualRouter',
  (object, { rollout }) => {
    const nodes = nodesOf(rollout)
    const wanted = routerConfig(rollout, 'appMesh')?.['virtualService']
    const routes = isMap(wanted) ? distinctTexts(listOf(wanted['routes'])) : []
    if (nodes.length === 0) return []
    const used = protocols.filter((protocol) => itemsAt(object, ['spec', 'routes']).some(({ item }) => item[protocol] !== undefined))
    return used.map((protocol) => ({
      what: `the weights of its routes (${protocol})`,
      expression: `.spec.routes[]?|${routes.length === 0 ? '' : `${selectAny('.name', routes)}|`}.${protocol}.action.weightedTargets[]?|${selectAny('.virtualNodeRef.name', nodes)}|.weight`,
      at: (one: KubeObject): readonly FieldPath[] => itemsAt(one, ['spec', 'routes']).filter(({ item }) => routes.length === 0 || routes.includes(String(item['name'])))
        .flatMap(({ path }) => itemsAt(one, [...path, protocol, 'action', 'weightedTargets']))
        .filter(({ item }) => isMap(item['virtualNodeRef']) && nodes.includes(String(item['virtualNodeRef']['name']))).map(({ path }) => [...path, 'weight']),
    }))
  },
)

/** The two VirtualNodes: the hash among the labels that select their pods, appmesh.go:277. */
export const virtualNode: ObjectKind = kindOfPlaces(
  (ref) => ref.group === group && ref.kind === 'VirtualNode',
  (object, { rollout }) => (nodesOf(rollout).includes(object.metadata.name) ? [{
    what: 'the hash in the selector of its pods',
    expression: '.spec.podSelector.matchLabels["rollouts-pod-template-hash"]',
    at: () => [['spec', 'podSelector', 'matchLabels', 'rollouts-pod-template-hash']],
  }] : []),
)
