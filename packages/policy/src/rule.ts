import type { Change, Manifest, Pointer } from '@rollsync/manifests'
import type { CanaryMoment, Severity } from './finding.ts'
import type { JudgedCanary } from './judged-canary.ts'
import type { LiveState } from './live/live-object.ts'
import type { ApplicationScope, Repository } from './discover/repository.ts'
import type { JqEngine } from '@rollsync/argocd'

/** Where a finding stands: a value of a manifest, or its key; and where it shows only at some moments of a canary, the first of them. */
export interface Spot {
  readonly manifest: Manifest
  readonly pointer: Pointer
  readonly mark?: 'value' | 'key'
  readonly moment?: CanaryMoment
}

/** What a rule says of itself. `messages` are texts with `{holes}`, by message id; the page beside the rule has its name and the ending .md. */
export interface RuleMeta<Id extends string = string> {
  readonly id: string
  readonly severity: Severity
  readonly recommended: boolean
  /** live: it speaks of a cluster's objects, and runs only where such were given. */
  readonly needs?: 'live'
  /** What holds where the rule is content, as one sentence. */
  readonly summary: string
  readonly messages: Readonly<Record<Id, string>>
  readonly hint: string
  /** Threads in which users met it: owner/repository#number. */
  readonly threads: readonly string[]
  /** Where the page of a rule stands that is not one of ours. */
  readonly url?: string
}

export interface RuleContext<Id extends string = string> {
  readonly repository: Repository
  readonly applications: readonly ApplicationScope[]
  readonly canaries: readonly JudgedCanary[]
  readonly jq: JqEngine
  /** What a cluster holds of it, where that was given; else nothing. */
  readonly live: LiveState
  /** `fix` is what mends it for certain, with pointers from the spot's object. */
  readonly report: (id: Id, spot: Spot, data?: Readonly<Record<string, string | number>>, hint?: string, fix?: readonly Change[]) => void
  /** Something that could not be known, as a sentence. */
  readonly unverified: (sentence: string) => void
}

export interface Rule<Id extends string = string> {
  readonly meta: RuleMeta<Id>
  readonly check: (context: RuleContext<Id>) => void | Promise<void>
}

/** Names the type; a rule is a value. */
export function defineRule<const Id extends string>(rule: Rule<Id>): Rule {
  return rule as unknown as Rule
}

/** A message with its holes filled; a hole without data stays as it is, so that it is seen. */
export function fillMessage(message: string, data: Readonly<Record<string, string | number>>): string {
  return message.replace(/\{(\w+)\}/g, (hole, name: string) => (Object.hasOwn(data, name) ? String(data[name]) : hole))
}
