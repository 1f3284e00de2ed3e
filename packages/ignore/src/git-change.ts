import { isMap, type KubeObject } from '@rollsync/manifests'

/** Something a person may commit to an object in the middle of a canary, and the object after it. */
export interface GitChange {
  /** What of the object is changed, as a noun. */
  readonly what: string
  readonly target: KubeObject
  /** Whether a live object shows the change. */
  readonly landed: (live: KubeObject) => boolean
}

/** A sample of commits for one object: a label, an annotation, and for an Ingress a host, a path and a rule. Deterministic. */
export function gitChanges(target: KubeObject): readonly GitChange[] {
  const general = [addedAnnotation(target)]
  return target.kind === 'Ingress' ? [...general, ...ingressChanges(target)] : general
}

const annotation = 'example.com/changed-in-git'

function addedAnnotation(target: KubeObject): GitChange {
  const annotations = { ...target.metadata.annotations, [annotation]: 'yes' }
  return {
    what: 'an annotation',
    target: { ...target, metadata: { ...target.metadata, annotations } },
    landed: (live) => live.metadata.annotations?.[annotation] === 'yes',
  }
}

const host = 'changed-in-git.example.com'

function ingressChanges(target: KubeObject): readonly GitChange[] {
  const spec = isMap(target['spec']) ? target['spec'] : {}
  const rules = (Array.isArray(spec['rules']) ? spec['rules'] : []).filter(isMap)
  const [first, ...others] = rules
  if (first === undefined) return []
  const withRules = (next: readonly unknown[]): KubeObject => ({ ...target, spec: { ...spec, rules: next } })
  const hosts = (live: KubeObject): readonly unknown[] => {
    const liveRules = isMap(live['spec']) ? live['spec']['rules'] : undefined
    return (Array.isArray(liveRules) ? liveRules : []).map((rule) => (isMap(rule) ? rule['host'] : undefined))
  }
  return [
    { what: 'the host', target: withRules([{ ...first, host }, ...others]), landed: (live) => hosts(live).includes(host) },
    { what: 'the rules', target: withRules([...rules, { host }]), landed: (live) => hosts(live).includes(host) },
    ...pathChange(first, (rule) => withRules([rule, ...others])),
  ]
}

const path = '/changed-in-git'

function pathChange(rule: Readonly<Record<string, unknown>>, withFirst: (rule: unknown) => KubeObject): readonly GitChange[] {
  const http = isMap(rule['http']) ? rule['http'] : undefined
  const paths = (Array.isArray(http?.['paths']) ? http['paths'] : []).filter(isMap)
  const last = paths.at(-1)
  if (last === undefined) return []
  return [{
    what: 'the paths',
    target: withFirst({ ...rule, http: { ...http, paths: [...paths, { ...last, path, pathType: 'Prefix' }] } }),
    landed: (live) => JSON.stringify(live['spec']).includes(`"path":"${path}"`),
  }]
}
