import { createMergePatch, isMap, jsonEqual, type KubeObject, valueAt } from '@rollsync/manifests'
import { stepText } from './situation.ts'

/** What changed of an object, in few words each; an empty list where a person would see nothing. */
export function describeChange(before: KubeObject | undefined, after: KubeObject): readonly string[] {
  if (after.kind === 'Application') return applicationWords(before, after)
  if (after.kind === 'ReplicaSet') return replicaSetWords(before, after)
  if (before === undefined) return ['created']
  switch (after.kind) {
    case 'Rollout': return [...rolloutWords(before, after), ...metadataWords(before, after)]
    case 'Ingress': return [...pathWords(before, after), ...metadataWords(before, after)]
    default: return [...fieldWords(before['spec'], after['spec'], ''), ...metadataWords(before, after)]
  }
}

/** An image without its registry: a line has only so much room. */
export function shortImage(image: unknown): string {
  return String(image ?? '').replace(/^.*\//, '')
}

function rolloutWords(before: KubeObject, after: KubeObject): readonly string[] {
  const words: string[] = []
  const image = '/spec/template/spec/containers/0/image'
  if (valueAt(before, image) !== valueAt(after, image)) words.push(`image ${shortImage(valueAt(after, image))}`)
  for (const pointer of ['/spec/replicas', '/spec/paused']) {
    const [was, is] = [valueAt(before, pointer) ?? false, valueAt(after, pointer) ?? false]
    if (was !== is) words.push(`${pointer.replace(/^.*\//, '')} ${String(is)}`)
  }
  const [stood, stands] = [stepText(before, before['status']), stepText(after, after['status'])]
  if (stood !== stands && stands !== '') words.push(stands)
  return words
}

function replicaSetWords(before: KubeObject | undefined, after: KubeObject): readonly string[] {
  const image = shortImage(valueAt(after, '/spec/template/spec/containers/0/image'))
  const [was, is] = [valueAt(before, '/spec/replicas') ?? 0, valueAt(after, '/spec/replicas') ?? 0]
  if (was !== is) return [`${image} scaled to ${String(is)}`]
  const [had, has] = [valueAt(before, '/status/availableReplicas') ?? 0, valueAt(after, '/status/availableReplicas') ?? 0]
  return had === has ? [] : [`${image} ${String(has)}/${String(is)} available`]
}

function applicationWords(before: KubeObject | undefined, after: KubeObject): readonly string[] {
  const words: string[] = []
  if (valueAt(after, '/operation') !== undefined && valueAt(before, '/operation') === undefined) words.push(valueAt(after, '/operation/sync/resources') === undefined ? 'a sync begins' : 'a self-heal begins')
  const phase = '/status/operationState/phase'
  const ended = valueAt(after, phase)
  if (ended !== valueAt(before, phase) && (ended === 'Failed' || ended === 'Error')) words.push(`the sync fails: ${firstLine(valueAt(after, '/status/operationState/message'))}`)
  const sync = valueAt(after, '/status/sync/status')
  if (typeof sync === 'string' && sync !== '' && sync !== valueAt(before, '/status/sync/status')) words.push(`says ${sync}${sync === 'Unknown' ? `: ${firstLine(valueAt(after, '/status/conditions/0/message'))}` : ''}`)
  return words
}

function firstLine(message: unknown): string {
  return String(message ?? '').split('\n')[0]?.slice(0, 200) ?? ''
}

interface Path {
  readonly host: string
  readonly service: string
  readonly path: string
}

function pathWords(before: KubeObject, after: KubeObject): readonly string[] {
  const [had, has] = [pathsOf(before), pathsOf(after)]
  const hosts = (paths: readonly Path[]): string => [...new Set(paths.map(({ host }) => host))].join(', ')
  const moved = hosts(had) === hosts(has) ? [] : [`host ${hosts(has)}`]
  // A host that changes takes its paths along: only what they lead to counts.
  const key = ({ service, path }: Path): string => `${service}${path}`
  const lacks = (paths: readonly Path[], one: Path): boolean => !paths.some((other) => key(other) === key(one))
  const paths = [...has.filter((one) => lacks(had, one)).map((one) => `+ path ${one.service}`), ...had.filter((one) => lacks(has, one)).map((one) => `- path ${one.service}`)]
  const { rules: _had, ...restHad } = mapOf(before['spec'])
  const { rules: _has, ...restHas } = mapOf(after['spec'])
  const reordered = paths.length === 0 && moved.length === 0 && !jsonEqual(_had, _has) ? ['its rules'] : []
  return [...moved, ...paths, ...reordered, ...fieldWords(restHad, restHas, '')]
}

function pathsOf(ingress: KubeObject): readonly Path[] {
  const rules = valueAt(ingress, '/spec/rules')
  return (Array.isArray(rules) ? rules : []).flatMap((rule) => {
    const paths = valueAt(rule, '/http/paths')
    return (Array.isArray(paths) ? paths : []).map((path) => ({
      host: String(valueAt(rule, '/host') ?? '*'), path: String(valueAt(path, '/path') ?? ''), service: String(valueAt(path, '/backend/service/name') ?? valueAt(path, '/backend/resource/name') ?? ''),
    }))
  })
}

/** What controllers note down for themselves. */
const marks = /^(argocd\.argoproj\.io\/|kubectl\.kubernetes\.io\/last-applied-configuration$|rollouts?\.argoproj\.io\/(revision|workload-generation|managed-alb-annotations)$)/

function metadataWords(before: KubeObject, after: KubeObject): readonly string[] {
  return (['annotations', 'labels'] as const).flatMap((field) => {
    const [had, has] = [before.metadata[field] ?? {}, after.metadata[field] ?? {}]
    const word = field.slice(0, -1)
    return [...new Set([...Object.keys(had), ...Object.keys(has)])].filter((name) => !marks.test(name) && had[name] !== has[name]).map((name) => {
      const sign = had[name] === undefined ? '+' : has[name] === undefined ? '-' : '~'
      return `${sign} ${word} ${name.replace(/^[^/]*\.[^/]*\//, '.../')}`
    })
  })
}

/** The leaves that a merge patch names, in dots. */
function fieldWords(before: unknown, after: unknown, path: string): readonly string[] {
  const patch = createMergePatch(mapOf(before), mapOf(after))
  const leaves = (value: unknown, at: string): readonly string[] => (isMap(value) && Object.keys(value).length > 0
    ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, at === '' ? key : `${at}.${key}`))
    : at === '' ? [] : [value === null ? `- ${at}` : typeof value === 'object' ? `~ ${at}` : `~ ${at} ${String(value)}`])
  return leaves(patch, path)
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return isMap(value) ? value : {}
}
