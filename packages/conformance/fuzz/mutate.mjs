import { placesOf, valueAt } from './places.mjs'

const scalars = [null, '', 'x', 'ünï⚡', '0', '1', 'true', 'false', 0, 1, -1, 80, 3, 1.5, 0.1, 1e21, 123456789012, true, false, {}, [], [''], [{}], { a: 'b' }, [null], { a: null }]
const respelled = new Map([
  ['100m', ['0.1', 0.1, '100m ', '1e-1']], ['1Gi', ['1024Mi', '1073741824', 1073741824]], ['128Mi', ['134217728', '0.125Gi', '131072Ki']], ['1', ['1000m', 1, '1.0', '1e0']], ['500m', ['0.5', '5e-1']],
  ['http', [80, 'Http']], ['Prefix', ['Exact', 'ImplementationSpecific']], ['TCP', ['UDP', null]],
])

const changedScalar = (value, random) => {
  if (respelled.has(value) && !random.once(3)) return random.pick(respelled.get(value))
  if (typeof value === 'string') return random.pick([`${value}-2`, value.slice(1), value.toUpperCase(), `${value}é`, Number(value) || 7, value.repeat(40), '', null])
  if (typeof value === 'number') return random.pick([value + 1, value - 1, String(value), -value, value + 0.5, 0, null])
  if (typeof value === 'boolean') return random.pick([!value, String(value), null])
  return random.pick(scalars)
}

const changeElement = (list, at, random) => {
  switch (random.below(6)) {
    case 0: list.splice(at, 0, structuredClone(list[at])); return
    case 1: list.push(structuredClone(list[at])); return
    case 2: list.reverse(); return
    case 3: list.splice(at, 1); return
    case 4: { const [moved] = list.splice(at, 1); list.unshift(moved); return }
    default: { const copy = structuredClone(list[at]); list.push(copy); mutate(copy, { random, donors: [] }) }
  }
}

const listKeys = new Set(['name', 'port', 'containerPort', 'protocol', 'ip', 'type', 'key', 'mountPath', 'devicePath', 'topologyKey', 'whenUnsatisfiable', 'uid', 'secretName'])

const renamed = ['name', 'extra', 'notAField', 'image', 'key', 'value', 'a.b/c', 'ünïcode', 'protocol', 'weight', 'replicas', '']

/** What makes an object this object, and its metadata, which Argo CD itself reads and writes before it compares: it is no map of anything else than texts by then. */
const isKept = ([first]) => ['apiVersion', 'kind', 'metadata'].includes(first)

/** One change of a label or an annotation. */
export const changeLabels = (object, { random, donors }) => {
  const kind = random.pick(['annotations', 'annotations', 'labels'])
  const metadata = (object.metadata ??= {})
  const map = { ...metadata[kind], ...(random.once(3) && donors.length > 0 ? random.pick(donors).metadata?.[kind] : {}) }
  const keys = Object.keys(map)
  switch (random.below(4)) {
    case 0: map[random.pick(['extra', 'a.b/c', 'team', ...keys])] = random.pick(['', 'x', 'ünï⚡', '1', 'true', 'x'.repeat(300), '{"a":1}']); break
    case 1: delete map[random.pick(keys)]; break
    case 2: { const key = random.pick(keys); if (key !== undefined && !key.startsWith('kubectl')) map[key] = `${map[key]}-2`; break }
    default:
  }
  metadata[kind] = map
}

/** Another history of who wrote what, as API servers keep it. */
export const changeOwners = (object, random) => {
  const entries = object.metadata?.managedFields
  if (!Array.isArray(entries) || entries.length === 0 || !random.once(3)) return
  const entry = random.pick(entries)
  switch (random.below(4)) {
    case 0: entries.splice(entries.indexOf(entry), 1); return
    case 1: entry.manager = random.pick(['argocd-controller', 'rollouts-controller', 'kubectl-client-side-apply', 'someone']); return
    case 2: entry.operation = random.pick(['Update', 'Apply']); return
    default: entries.push({ ...structuredClone(entry), manager: 'someone' })
  }
}

/** One change of an object at a place of chance, in place. `donors` are objects whose parts may be transplanted. */
export const mutate = (object, { random, donors }) => {
  const places = placesOf(object).filter(({ path }) => !isKept(path))
  if (places.length === 0) return
  const { parent, key, path } = random.pick(places)
  const value = parent[key]
  // A list or a map as the key of a list element makes the Go code panic; nobody writes it.
  const scalarsHere = listKeys.has(key) ? scalars.filter(scalar => typeof scalar !== 'object' || scalar === null) : scalars
  switch (random.below(11)) {
    case 0: case 1: if (Array.isArray(parent)) parent.splice(key, 1); else delete parent[key]; return
    case 2: parent[key] = structuredClone(random.pick(scalarsHere)); return
    case 3: case 4: case 5: if (typeof value !== 'object' || value === null) parent[key] = changedScalar(value, random); else if (Array.isArray(value) && value.length > 0) changeElement(value, random.below(value.length), random); else mutate(value, { random, donors }); return
    case 6: if (Array.isArray(parent)) changeElement(parent, key, random); else parent[random.pick(renamed)] = structuredClone(random.pick(scalars.filter(scalar => typeof scalar !== 'object' || scalar === null))); return
    case 7: if (!Array.isArray(parent) && (typeof value !== 'object' || value === null)) { delete parent[key]; parent[random.pick(renamed)] = value }; return
    case 8: case 9: {
      const given = donors.length === 0 ? undefined : valueAt(random.pick(donors), path)
      if (given !== undefined) parent[key] = structuredClone(given)
      return
    }
    default: {
      const donor = donors.length === 0 ? undefined : random.pick(donors)
      const from = donor && placesOf(donor).filter(({ path: way }) => way.length > 1 && !isKept(way))
      if (!from || from.length === 0) return
      const place = random.pick(from)
      const into = valueAt(object, place.path.slice(0, -1))
      if (typeof into === 'object' && into !== null && !Array.isArray(into)) into[place.key] = structuredClone(valueAt(donor, place.path))
    }
  }
}

const tracking = 'argocd.argoproj.io/tracking-id'
const annotate = (object, key, value) => { const metadata = (object.metadata ??= {}); if (typeof metadata.annotations !== 'object' || metadata.annotations === null) metadata.annotations = {}; metadata.annotations[key] = value }
const label = (object, key, value) => { const metadata = (object.metadata ??= {}); if (typeof metadata.labels !== 'object' || metadata.labels === null) metadata.labels = {}; metadata.labels[key] = value }

/** Oddities of metadata that people and controllers leave. */
export const metadataOddities = [
  object => { (object.metadata ??= {}).creationTimestamp = null },
  object => { (object.metadata ??= {}).creationTimestamp = '2026-01-02T03:04:05Z' },
  object => { (object.metadata ??= {}).finalizers = ['ingress.k8s.aws/resources'] },
  object => { (object.metadata ??= {}).finalizers = [] },
  object => { (object.metadata ??= {}).ownerReferences = [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'web', uid: 'u-1', controller: true }] },
  object => { (object.metadata ??= {}).ownerReferences = [{ apiVersion: 'v1', kind: 'A', name: 'a', uid: 'u-1' }, { apiVersion: 'v1', kind: 'B', name: 'b', uid: 'u-2', blockOwnerDeletion: false }] },
  object => { (object.metadata ??= {}).labels = null },
  object => { (object.metadata ??= {}).annotations = null },
  object => { (object.metadata ??= {}).annotations = {} },
  object => { (object.metadata ??= {}).labels = {} },
  object => { (object.metadata ??= {}).generation = 7 },
  object => { (object.metadata ??= {}).resourceVersion = '4711' },
  object => { (object.metadata ??= {}).uid = '11111111-2222-3333-4444-555555555555' },
  object => { (object.metadata ??= {}).selfLink = '/apis/x' },
  object => { (object.metadata ??= {}).generateName = 'web-' },
  object => { (object.metadata ??= {}).deletionTimestamp = '2026-01-02T03:04:05Z' },
  object => { delete object.metadata?.namespace },
  object => { if (object.metadata) object.metadata.namespace = 'other' },
  object => annotate(object, tracking, 'other:apps/Deployment:shop/x'),
  object => annotate(object, tracking, ''),
  object => { delete object.metadata?.annotations?.[tracking] },
  object => label(object, 'app.kubernetes.io/instance', 'demo'),
  object => label(object, 'app.kubernetes.io/instance', 'other'),
  object => label(object, 'app.kubernetes.io/instance', ''),
  object => annotate(object, 'argocd.argoproj.io/compare-options', 'IgnoreExtraneous'),
  object => annotate(object, 'argocd.argoproj.io/compare-options', 'ServerSideDiff=true,IncludeMutationWebhook=true'),
  object => annotate(object, 'argocd.argoproj.io/sync-options', 'ServerSideApply=true'),
  object => annotate(object, 'argocd.argoproj.io/sync-options', 'Prune=false, ServerSideApply=true '),
  object => annotate(object, 'argocd.argoproj.io/hook', 'PreSync'),
  object => annotate(object, 'deployment.kubernetes.io/revision', '3'),
  object => { object.status = { loadBalancer: { ingress: [{ hostname: 'lb.example.com' }] } } },
  object => { object.status = {} },
  object => { object.status = null },
  object => { object.unknownTop = { a: 1 } },
  object => { object.spec = null },
  object => { delete object.spec },
]
