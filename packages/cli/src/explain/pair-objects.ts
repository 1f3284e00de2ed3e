import { type KubeObject, refKey, refOf } from '@rollsync/manifests'

/** Two files' objects by group, kind, namespace and name; an object of Git's without a namespace meets the only live one of its name. */
export interface PairedObjects {
  readonly pairs: readonly { readonly target: KubeObject; readonly live: KubeObject }[]
  readonly onlyTarget: readonly KubeObject[]
  readonly onlyLive: readonly KubeObject[]
}

export function pairObjects(targets: readonly KubeObject[], lives: readonly KubeObject[]): PairedObjects {
  const left = new Map(lives.map((live) => [refKey(refOf(live)), live]))
  const pairs: { target: KubeObject; live: KubeObject }[] = []
  const onlyTarget: KubeObject[] = []
  for (const target of targets) {
    const live = left.get(refKey(refOf(target))) ?? sameName(target, [...left.values()])
    if (live === undefined) onlyTarget.push(target)
    else {
      left.delete(refKey(refOf(live)))
      pairs.push({ target: live.metadata.namespace === undefined ? target : { ...target, metadata: { ...target.metadata, namespace: live.metadata.namespace } }, live })
    }
  }
  return { pairs, onlyTarget, onlyLive: [...left.values()] }
}

function sameName(target: KubeObject, lives: readonly KubeObject[]): KubeObject | undefined {
  if ((target.metadata.namespace ?? '') !== '') return undefined
  const found = lives.filter((live) => refKey({ ...refOf(live), namespace: '' }) === refKey({ ...refOf(target), namespace: '' }))
  return found.length === 1 ? found[0] : undefined
}
