import { isMap, type KubeObject, type Pointer, valueAt } from '@rollsync/manifests'

/** Something a person may commit to an object in the middle of a canary, and the object after it. */
export interface GitChange {
  /** What of the object is changed, as a noun. */
  readonly what: string
  readonly target: KubeObject
  /** Whether a live object shows the change. */
  readonly landed: (live: KubeObject) => boolean
}

/**
 * A sample of commits for one object: an annotation, for an Ingress a host, a path and a rule, and for other kinds one more item in each list near the top of its spec into which a rule reaches
 * (`hides`, asked with its JSON Pointer): elsewhere such a commit fares as the annotation does. Deterministic.
 */
export function gitChanges(target: KubeObject, hides: (list: Pointer) => boolean): readonly GitChange[] {
  return [addedAnnotation(target), ...(target.kind === 'Ingress' ? ingressChanges(target) : listChanges(target, hides))]
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

const word = 'changed-in-git'

/**
 * One more item in each list of maps at `spec.x` and `spec.x.y`: the last one again, with another text where it has its first. Not in `ports`: they are told apart by their number, and an API server
 * refuses one twice.
 */
function listChanges(target: KubeObject, hides: (list: Pointer) => boolean): readonly GitChange[] {
  return listsIn(target['spec'], [], 2).filter((path) => path.at(-1) !== 'ports' && hides(`/spec/${path.join('/')}`)).flatMap((path): readonly GitChange[] => {
    const list = valueAt(target['spec'], `/${path.join('/')}`)
    const items: readonly unknown[] = Array.isArray(list) ? list : []
    const item = reworded(items.at(-1))
    if (item === undefined) return []
    return [{
      what: `the list ${path.join('.')}`,
      target: { ...target, spec: withList(target['spec'], path, [...items, item]) },
      landed: (live) => JSON.stringify(valueAt(live['spec'], `/${path.join('/')}`) ?? null).includes(`"${word}"`),
    }]
  })
}

function listsIn(value: unknown, path: readonly string[], depth: number): readonly (readonly string[])[] {
  if (Array.isArray(value)) return value.length > 0 && value.every(isMap) ? [path] : []
  return isMap(value) && depth > 0 ? Object.entries(value).flatMap(([key, inner]) => (/[~/]/.test(key) ? [] : listsIn(inner, [...path, key], depth - 1))) : []
}

/** A value with its first text replaced; undefined where it has none. */
function reworded(value: unknown): unknown {
  if (typeof value === 'string') return word
  const entries = isMap(value) || Array.isArray(value) ? Object.entries(value) : []
  for (const [key, inner] of entries) {
    const other = reworded(inner)
    if (other === undefined) continue
    return Array.isArray(value) ? value.map((item: unknown, index) => (String(index) === key ? other : item)) : { ...(value as object), [key]: other }
  }
  return undefined
}

function withList(value: unknown, [token, ...rest]: readonly string[], list: readonly unknown[]): unknown {
  return token === undefined ? list : { ...(value as object), [token]: withList(isMap(value) ? value[token] : undefined, rest, list) }
}
