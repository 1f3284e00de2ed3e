import type { Finding } from '../finding.ts'
import { findingText } from '../reporters/stylish.ts'
import { plain } from '../reporters/reporter.ts'
import type { LoadedRepository } from './load-repository.ts'

/** What a matcher found out. `sides` are two texts that vitest prints as a diff. */
export interface MatcherAnswer {
  readonly pass: boolean
  /** One sentence, then what a person gets on the command line. */
  readonly said: string
  readonly sides?: { readonly expected: string; readonly actual: string }
}

export function failed(head: string, lines: readonly string[], sides?: MatcherAnswer['sides']): MatcherAnswer {
  return { pass: false, said: [head, ...lines].join('\n\n'), ...(sides === undefined ? {} : { sides }) }
}

export function passed(said: string): MatcherAnswer {
  return { pass: true, said }
}

export function findingTexts(findings: readonly Finding[], { sources }: LoadedRepository): readonly string[] {
  return findings.map((finding) => findingText(finding, sources, plain))
}

/** A repository whose files cannot be read proves nothing. */
export function unreadable({ repository }: LoadedRepository): MatcherAnswer | undefined {
  const broken = repository.diagnostics.filter((one) => one.severity === 'error')
  if (broken.length === 0) return undefined
  return failed('some files cannot be read', broken.map((one) => `${one.at?.file ?? ''}:${one.at?.line ?? 1}:${one.at?.column ?? 1}  ${one.message}`))
}
