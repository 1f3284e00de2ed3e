import type { CompareMode, IgnoreDifference } from '@rollsync/argocd'
import { groupOf, isMap, type KubeObject, refOf } from '@rollsync/manifests'
import type { ApplicationScope, CanaryScope } from '../discover/repository.ts'
import { concerned } from '../explore-repository.ts'

/** How one Application is judged; `provable` is `no` where one of its expressions does not parse. */
export interface ApplicationFacts {
  readonly name: string
  readonly mode: CompareMode
  readonly rules: readonly IgnoreDifference[]
  readonly syncOptions: readonly string[]
  readonly provable: 'yes' | 'no'
}

/** Everything that the judgement of one Rollout depends on, as JSON, beside what the whole repository shares. `owners` holds, for the Rollout and each object around it, which Application deploys it; -1 is none. */
export interface ScopeFacts {
  readonly rollout: KubeObject
  readonly around: readonly KubeObject[]
  readonly owners: readonly number[]
  readonly applications: readonly ApplicationFacts[]
  /** What else the load balancer's rules depend on. */
  readonly routed: readonly KubeObject[]
}

export interface Facts {
  readonly facts: ScopeFacts
  /** In the order of `facts.applications`. */
  readonly applications: readonly ApplicationScope[]
}

/** `isProvable` is asked once for each Application that owns an object. */
export async function factsOf(scope: CanaryScope, routed: RoutedIndex, isProvable: (application: ApplicationScope) => Promise<boolean>): Promise<Facts> {
  const objects = [scope.rollout, ...concerned(scope)]
  const applications = [...new Set(objects.flatMap((one) => one.application ?? []))]
  const of: ApplicationFacts[] = []
  for (const application of applications) {
    const { compareMode, ignoreDifferences, syncOptions } = application.spec
    of.push({ name: application.manifest.ref.name, mode: compareMode, rules: ignoreDifferences, syncOptions, provable: (await isProvable(application)) ? 'yes' : 'no' })
  }
  const around = objects.slice(1).map((one) => one.object)
  return {
    applications,
    facts: { rollout: scope.rollout.object, around, owners: objects.map((one) => (one.application === undefined ? -1 : applications.indexOf(one.application))), applications: of, routed: routed.of(scope.rollout.object, around) },
  }
}

/** Functions of jq that look into a text: under other names they may answer otherwise. */
const looksInside = /\b(?:test|match|capture|scan|split|splits|sub|gsub|startswith|endswith|contains|inside|index|rindex|indices|ltrimstr|rtrimstr|trimstr|explode|length|utf8bytelength|tojson|tostring|join|sort|sort_by|group_by|unique|unique_by|min|max|min_by|max_by|ascii|ascii_downcase|ascii_upcase|implode|hash|keys|to_entries|with_entries|limit|first|last|has|in|error|input|env|now)\b|[@<>*+-]|\.\.|"[^"]*\\[^"]*"|\$/

/** Whether the answer depends on names only by which of them are the same. */
export function isBlindToNames({ applications }: ScopeFacts): boolean {
  return applications.every(({ rules }) => rules.every((rule) => (rule.jqPathExpressions ?? []).every((expression) => !looksInside.test(expression.replaceAll(/"[^"\\]*"/g, '""')))))
}

/** The names that may be made-up ones. */
export function namesIn({ rollout, around, applications, routed }: ScopeFacts): readonly string[] {
  const objects = [rollout, ...around, ...routed]
  return [...objects.flatMap(({ metadata }) => [metadata.name, metadata.namespace ?? '']), ...applications.map(({ name }) => name)]
}

export interface RoutedIndex {
  readonly of: (rollout: KubeObject, around: readonly KubeObject[]) => readonly KubeObject[]
}

/**
 * Finds, among all that a repository routes, what the load balancers of one Rollout can depend on: Ingresses of the same group and the Services that they or the Rollout name.
 * Where IngressClassParams are, which may put any Ingress into a group, that is everything.
 */
export function indexRouted(objects: readonly KubeObject[]): RoutedIndex {
  if (objects.some(({ kind }) => kind === 'IngressClassParams')) return { of: () => objects }
  const classes = objects.filter(({ kind }) => kind === 'IngressClass')
  const ingresses = new Map<string, KubeObject[]>()
  const services = new Map<string, NamedService[]>()
  for (const object of objects) {
    if (object.kind === 'Service') push(services, object.metadata.namespace ?? '', { object, stem: stemOf(object.metadata.name) })
    if (object.kind === 'Ingress') for (const name of groupNames(object)) push(ingresses, name, object)
  }
  return {
    of: (rollout, around) => {
      const own = around.filter((object) => object.kind === 'Ingress' && ['networking.k8s.io', 'extensions'].includes(groupOf(object.apiVersion)))
      const members = [...new Set(own.flatMap(groupNames).flatMap((name) => ingresses.get(name) ?? []))]
      const saying = [rollout, ...own, ...members]
      const known = [...new Set(saying.map((object) => refOf(object).namespace))].flatMap((namespace) => services.get(namespace) ?? [])
      // Most of what is said is too short to name any of them.
      const text = saidIn(saying, known.reduce((least, { object }) => Math.min(least, object.metadata.name.length), Infinity))
      const stems = new Map<string, boolean>()
      const isSaid = (stem: string): boolean => {
        const is = stems.get(stem) ?? text.includes(stem)
        stems.set(stem, is)
        return is
      }
      const named = known.flatMap(({ object, stem }) => (isSaid(stem) && text.includes(object.metadata.name) ? [object] : []))
      return [...members, ...named, ...classes]
    },
  }
}

/** `stem` begins the names of several Services in most places (web of web-root, web-canary and web-stable): where it is not said, none of them is. */
interface NamedService {
  readonly object: KubeObject
  readonly stem: string
}

function stemOf(name: string): string {
  const end = name.lastIndexOf('-')
  return end < 1 ? name : name.slice(0, end)
}

/** What values and their keys say, as JSON prints it, but for what is shorter than a length. */
function saidIn(value: unknown, least: number): string {
  const said = new Set<string>()
  const add = (text: string): unknown => text.length >= least && said.add(text)
  const visit = (inner: unknown): void => {
    if (Array.isArray(inner)) for (const item of inner) visit(item)
    else if (isMap(inner)) {
      for (const key of Object.keys(inner)) {
        if (key.length >= least) add(JSON.stringify(key))
        visit(inner[key])
      }
    } else if (typeof inner !== 'string' || inner.length >= least) add(String(JSON.stringify(inner)))
  }
  visit(value)
  return [...said].join('\n')
}

function push<T>(map: Map<string, T[]>, key: string, one: T): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [one])
  else list.push(one)
}

function groupNames({ metadata }: KubeObject): readonly string[] {
  return Object.entries(isMap(metadata.annotations) ? metadata.annotations : {}).flatMap(([key, value]) => (key.endsWith('/group.name') && typeof value === 'string' ? [value] : []))
}
