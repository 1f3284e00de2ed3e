import type { Diagnostic, ResourceRef, SourcePosition, TextEdit } from '@rollsync/manifests'

export type Severity = 'error' | 'warning' | 'info'

/** A moment of a Rollout's updates, in the words of the laws: `at step 3 of 9 (aborted)`. With an Application where it is one whose objects are concerned. */
export interface CanaryMoment {
  readonly rollout: ResourceRef
  readonly application?: ResourceRef
  readonly words: string
}

/** What a policy rule reports, at the place where a person mends it. Lines and columns are counted from 1; `pointer` is the JSON Pointer within the object. */
export interface Finding {
  readonly rule: string
  readonly severity: Severity
  readonly message: string
  readonly hint?: string
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
  readonly pointer: string
  readonly resource: ResourceRef
  /** The first moment at which it shows, where a canary's states were judged. */
  readonly moment?: CanaryMoment
  /** The edits of the file that mend it for certain, byte-preserving; `check --fix` makes them. */
  readonly fix?: readonly TextEdit[]
}

/** A finding that a comment in the file silences: which comment, and the reason that it gives. */
export interface SuppressedFinding extends Finding {
  readonly suppression: { readonly scope: 'next-line' | 'file'; readonly line: number; readonly reason: string }
}

/** An object that the rules looked at, with the place where it begins. */
export interface CheckedObject {
  readonly resource: ResourceRef
  readonly file: string
  readonly line: number
}

/** What was proven for one canary: each law, over how many states, and whether it holds. */
export interface Proof {
  readonly rollout: ResourceRef
  readonly application?: ResourceRef
  readonly argocd: string
  readonly rollouts: string
  readonly states: number
  readonly laws: readonly { readonly law: string; readonly verdict: 'holds' | 'broken' | 'unverified'; readonly checked: string }[]
}

/** The answer of one check, as `--format json` prints it. `unverified` holds a sentence for everything that could not be known. */
export interface Report {
  readonly version: 1
  readonly argocd: string
  readonly rollouts: string
  readonly findings: readonly Finding[]
  readonly suppressed: readonly SuppressedFinding[]
  readonly checked: readonly CheckedObject[]
  readonly diagnostics: readonly Diagnostic[]
  readonly proofs: readonly Proof[]
  readonly unverified: readonly string[]
  readonly summary: {
    readonly files: number
    readonly applications: number
    readonly rollouts: number
    readonly errors: number
    readonly warnings: number
    readonly infos: number
    readonly suppressed: number
  }
  /** How many objects of a cluster were judged, where such were given: those of canaries, Applications, and others of which the rules say nothing. */
  readonly live?: { readonly objects: number; readonly applications: number; readonly others: number }
}

/** The order of every report: file, line, column, rule. */
export function sortFindings<One extends Finding>(findings: readonly One[]): readonly One[] {
  return [...findings].sort((a, b) => order(a.file, b.file) || a.line - b.line || a.column - b.column || order(a.rule, b.rule) || order(a.message, b.message))
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The position fields of a finding. */
export function placeOf(at: SourcePosition): Pick<Finding, 'file' | 'line' | 'column' | 'endLine' | 'endColumn' | 'pointer'> {
  return { file: at.file, line: at.line, column: at.column, endLine: at.endLine, endColumn: at.endColumn, pointer: at.pointer }
}
