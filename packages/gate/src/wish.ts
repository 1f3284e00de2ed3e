import { isMap } from '@rollsync/manifests'

/** What somebody outside of the cluster wants. */
export interface Wish {
  readonly verdict: 'promote' | 'roll back'
  readonly by: 'decision file' | 'signal'
  readonly why?: string
}

/** A decision file as it stands; `at`: when it was written, in milliseconds since 1970. */
export interface DecisionText {
  readonly text: string
  readonly at: number
}

/**
 * Reads a decision file: `promote` or `rollback`, and behind it on the same line who says so and why; or JSON with `decision` and `why`.
 * An empty file is one that is still being written; anything else is a fault and no decision.
 */
export function parseDecision({ text }: DecisionText): Wish | { readonly fault: string } | undefined {
  const plain = text.replace(/^\uFEFF/, '').trim()
  if (plain === '') return undefined
  if (plain.startsWith('{')) return fromJson(plain)
  const [line = ''] = plain.split('\n')
  const [, word = '', why = ''] = /^(\S+)\s*(.*)$/.exec(line) ?? []
  return wishFor(word, why)
}

function fromJson(text: string): Wish | { readonly fault: string } {
  try {
    const value: unknown = JSON.parse(text)
    if (isMap(value) && typeof value['decision'] === 'string') return wishFor(value['decision'], typeof value['why'] === 'string' ? value['why'] : '')
    return { fault: 'its JSON holds no text "decision"' }
  } catch {
    return { fault: 'it begins like JSON and is none' }
  }
}

function wishFor(word: string, why: string): Wish | { readonly fault: string } {
  const verdict = verdicts.get(word.toLowerCase().replace(/:$/, ''))
  if (verdict === undefined) return { fault: `it says ${JSON.stringify(word.slice(0, 40))}, which is neither promote nor rollback` }
  const reason = why.replaceAll(/\s+/g, ' ').trim().slice(0, 500)
  return { verdict, by: 'decision file', ...(reason === '' ? {} : { why: reason }) }
}

const verdicts: ReadonlyMap<string, Wish['verdict']> = new Map([['promote', 'promote'], ['rollback', 'roll back'], ['roll-back', 'roll back'], ['revert', 'roll back']])
