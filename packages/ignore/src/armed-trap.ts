import { isMap, type KubeObject, valueAt } from '@rollsync/manifests'
import { type AlbSettings, routeKeys } from './routes.ts'

/** A live object in which Argo CD has come to count annotations of the Rollouts controller as its own: the next plain sync deletes them. */
export interface ArmedTrap {
  readonly annotations: readonly string[]
  /** last-applied: in kubectl's annotation; ownership: in metadata.managedFields under argocd-controller. */
  readonly by: 'last-applied' | 'ownership'
  readonly what: string
  readonly wayOut: string
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'

/**
 * The trap that a sync with RespectIgnoreDifferences=true arms where annotations are ignored: it copies their live values into what it applies, so that they enter last-applied (client-side)
 * or argocd-controller's ownership (server-side). A later sync without the option takes them for deleted in Git. `git` is the object as Git holds it.
 */
export function armedTraps(git: KubeObject, live: KubeObject, alb: AlbSettings): readonly ArmedTrap[] {
  const held = git.metadata.annotations ?? {}
  const mine = [alb.rootAction, 'rollouts.argoproj.io/managed-alb-annotations', ...alb.managedRoutes.flatMap((route) => Object.values(routeKeys(route, alb.prefix)))]
    .filter((key) => held[key] === undefined && live.metadata.annotations?.[key] !== undefined)
  const applied = appliedAnnotations(live)
  const owned = ownedAnnotations(live)
  return [
    ...trapOf('last-applied', mine.filter((key) => applied.has(key)), live),
    ...trapOf('ownership', mine.filter((key) => owned.has(key)), live),
  ]
}

function trapOf(by: ArmedTrap['by'], annotations: readonly string[], live: KubeObject): readonly ArmedTrap[] {
  if (annotations.length === 0) return []
  const where = by === 'last-applied' ? 'stand in last-applied-configuration' : 'belong to argocd-controller in managedFields'
  const wayOut = by === 'last-applied'
    ? `take them out of it with kubectl apply edit-last-applied ${live.kind.toLowerCase()}/${live.metadata.name} -n ${live.metadata.namespace ?? 'default'}, and then RespectIgnoreDifferences=true out of the Application before its next sync`
    : 'take RespectIgnoreDifferences=true out while no canary runs: the sync that follows deletes them, and the Rollouts controller writes its own again'
  return [{ annotations, by, what: `${annotations.join(', ')} ${where}: a sync without RespectIgnoreDifferences=true deletes them`, wayOut }]
}

function appliedAnnotations(live: KubeObject): ReadonlySet<string> {
  const text = live.metadata.annotations?.[lastApplied]
  if (text === undefined) return new Set()
  try {
    const annotations = valueAt(JSON.parse(text) as unknown, '/metadata/annotations')
    return new Set(isMap(annotations) ? Object.keys(annotations) : [])
  } catch {
    return new Set() // what kubectl cannot read either, it takes for absent
  }
}

function ownedAnnotations(live: KubeObject): ReadonlySet<string> {
  const fields = valueAt(live, '/metadata/managedFields')
  return new Set((Array.isArray(fields) ? fields : []).flatMap((entry: unknown) => {
    const mine = valueAt(entry, '/manager') === 'argocd-controller' ? valueAt(entry, '/fieldsV1/f:metadata/f:annotations') : undefined
    return isMap(mine) ? Object.keys(mine).map((key) => key.replace(/^f:/, '')) : []
  }))
}
