/** How a gate ended. Only `not carried out` is not final: the same command started again goes on. */
export type Outcome =
  | { readonly is: 'promoted'; readonly how: 'fully' | 'one step' }
  | { readonly is: 'rolled back'; readonly argocd: 'Synced and Healthy' | 'not asked' }
  | { readonly is: 'aborted'; readonly why: string }
  | { readonly is: 'left alone'; readonly because: 'deadline' | 'superseded' | 'no release' | 'the release is a revert'; readonly why: string }
  | { readonly is: 'not carried out'; readonly why: string }

/** The exit code of `rollsync gate`: 0 promoted, 1 rolled back or aborted, 3 decided but not carried out in time, 4 left alone; 2 is for errors. */
export function exitCodeOf(outcome: Outcome): 0 | 1 | 3 | 4 {
  switch (outcome.is) {
    case 'promoted': return 0
    case 'rolled back': case 'aborted': return 1
    case 'not carried out': return 3
    case 'left alone': return 4
    default: return outcome satisfies never
  }
}
