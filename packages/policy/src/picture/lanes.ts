import type { JqEngine } from '@rollsync/argocd'
import { albSettings, argocdJudge, brokenExpressions, type CanaryCase, type CounterExample, type Judge, verify } from '@rollsync/ignore'
import { type KubeObject, refOf, type ResourceRef } from '@rollsync/manifests'
import type { Versions } from '../check-policy.ts'
import type { ApplicationScope } from '../discover/repository.ts'
import { listed } from '../listed.ts'
import type { Cell, Lane, Told } from './canary-picture.ts'

/** By whom the moments of one Rollout are judged. */
export interface Asked {
  readonly rollout: KubeObject
  readonly application: ApplicationScope
  readonly resources: readonly ResourceRef[]
  readonly versions: Versions
  readonly jq: JqEngine
}

/** Argo CD with the options of the Application, or with others. */
export function judgeFor({ application: { manifest, spec }, versions, jq }: Asked, options: readonly string[] = spec.syncOptions): Judge {
  const mode = spec.compareMode === 'ssd' ? 'ssd' : options.includes('ServerSideApply=true') ? 'smd' : 'legacy'
  return argocdJudge({ application: manifest.ref.name, profile: versions.argocd, mode, rules: spec.ignoreDifferences, syncOptions: options, jq })
}

/** What Argo CD answers on each of several days: the lanes of the first day, of the second, and so on. All are judged as one, as most of their objects are the same. */
export async function lanesOf(days: readonly (readonly Told[])[], asked: Asked): Promise<readonly (readonly Lane[])[]> {
  const { broken } = await brokenExpressions(asked.application.manifest, asked.jq)
  if (broken[0] !== undefined) {
    const why = [`the whole Application is Unknown: gojq rejects an expression: ${broken[0].error}`]
    return days.map((told) => [{ asks: 'compare', options: [], cells: told.map(() => ({ answer: 'unknown', when: 'always', why })) }])
  }
  const canary = caseOf(days, asked)
  const alb = albSettings(asked.rollout)
  const lanes: Lane[][] = days.map(() => [])
  for (const [set, options] of optionSets(asked.application.spec.syncOptions).entries()) {
    for (const verdict of await verify(canary, judgeFor(asked, options), { alb, laws: set === 0 ? ['covering', 'sync-safe'] : ['sync-safe'] })) {
      const asks = verdict.law === 'covering' ? 'compare' : 'sync'
      const at = byMoment(verdict.counterExamples)
      for (const [index, told] of days.entries()) {
        lanes[index]?.push({ asks, options: asks === 'sync' ? options : [], cells: told.map((_, place) => cellOf(asks, at.get(nameOf(index, place)) ?? [], verdict.unverified)) })
      }
    }
  }
  return lanes
}

function nameOf(day: number, place: number): string {
  return `${day}.${place}`
}

function caseOf(days: readonly (readonly Told[])[], { rollout, resources }: Asked): CanaryCase {
  const states = days.flatMap((told, day) => told.map(({ state, git }, place) => ({ moment: nameOf(day, place), git, live: state.world })))
  return { rollout: refOf(rollout), resources, states }
}

function byMoment(examples: readonly CounterExample[]): ReadonlyMap<string, readonly CounterExample[]> {
  const found = new Map<string, CounterExample[]>()
  for (const example of examples) for (const moment of new Set(example.moments)) found.set(moment, [...(found.get(moment) ?? []), example])
  return found
}

/** As the Application has them, and what people try instead. */
function optionSets(own: readonly string[]): readonly (readonly string[])[] {
  const tried = [[], ['RespectIgnoreDifferences=true'], ['ApplyOutOfSyncOnly=true', 'RespectIgnoreDifferences=true'], ['ServerSideApply=true']]
  const sets = tried.map((more) => [...new Set([...own, ...more])].sort())
  return [...new Map(sets.map((set) => [set.join(), set])).values()]
}

const worst: readonly Cell['answer'][] = ['outage', 'reverts', 'freezes', 'unknown', 'unverified']

function cellOf(asks: Lane['asks'], examples: readonly CounterExample[], unverified: readonly string[]): Cell {
  const answerOf = (one: CounterExample): Cell['answer'] =>
    (one.verdict === undefined ? (asks === 'compare' ? 'OutOfSync' : 'unknown') : one.verdict === 'misrouted' ? 'unknown' : one.verdict)
  if (examples.length === 0 && unverified.length > 0) return { answer: 'unverified', when: 'always', why: unverified }
  if (examples.length === 0) return { answer: asks === 'compare' ? 'Synced' : 'safe', when: 'always', why: [] }
  const plain = examples.filter((one) => one.gitChange === undefined)
  const told = plain.length > 0 ? plain : examples
  const answers = told.map(answerOf)
  return { answer: worst.find((answer) => answers.includes(answer)) ?? answers[0] ?? 'unknown', when: plain.length > 0 ? 'always' : 'with a change in Git', why: reasonsOf(told) }
}

/** Each harm once, with everything that may change in Git for it to come. */
function reasonsOf(examples: readonly CounterExample[]): readonly string[] {
  const changes = new Map<string, string[]>()
  for (const { what, gitChange } of examples) changes.set(what, [...(changes.get(what) ?? []), ...(gitChange === undefined ? [] : [gitChange])])
  return [...changes].map(([what, nouns]) => (nouns.length === 0 ? what : `${what}, if Git changes ${listed([...new Set(nouns)])} of it`))
}
