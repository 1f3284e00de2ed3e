import type { JqEngine } from '@rollsync/argocd'
import { isMap, type Manifest, toPointer } from '@rollsync/manifests'

/** A hand-written expression of an Application that does not parse or compile: the whole Application is Unknown. `joined` is the expression its folded lines make when joined without spaces, where that parses. */
export interface BrokenExpression {
  readonly pointer: string
  readonly expression: string
  readonly error: string
  readonly joined?: string
}

/** Every expression of `spec.ignoreDifferences` that gojq rejects, in order; `unverified` holds those of which that is not known, with the reason. */
export async function brokenExpressions(application: Manifest, jq: JqEngine): Promise<{ readonly broken: readonly BrokenExpression[]; readonly unverified: readonly { readonly pointer: string; readonly reason: string }[] }> {
  const broken: BrokenExpression[] = []
  const unverified: { pointer: string; reason: string }[] = []
  for (const { pointer, expression } of expressionsOf(application)) {
    if (isKnownToParse(jq, expression)) continue
    const check = await jq.check(expression)
    if (!('answer' in check)) {
      rememberParsed(jq, expression)
      continue
    }
    if (check.answer === 'unverified') {
      unverified.push({ pointer, reason: check.reason })
      continue
    }
    const joined = joinedLines(application, pointer)
    const mends = joined !== undefined && joined !== expression && !('answer' in (await jq.check(joined)))
    broken.push({ pointer, expression, error: check.error, ...(mends ? { joined } : {}) })
  }
  return { broken, unverified }
}

const parsed = new WeakMap<JqEngine, Set<string>>()

/** An expression without what its texts say: whether it parses does not hang on that, but for modules, what a backslash leads in, and quotes in comments. */
function form(expression: string): string {
  return /[\\#]|\b(?:import|include)\b/.test(expression) ? expression : expression.replaceAll(/"[^"]*"/g, '""')
}

/** Thousands of Applications from one template have expressions that differ in names alone. */
function isKnownToParse(jq: JqEngine, expression: string): boolean {
  return parsed.get(jq)?.has(form(expression)) ?? false
}

function rememberParsed(jq: JqEngine, expression: string): void {
  const known = parsed.get(jq) ?? new Set<string>()
  parsed.set(jq, known.add(form(expression)))
}

/** Every jqPathExpression of an Application with its place. */
export function expressionsOf(application: Manifest): readonly { readonly pointer: string; readonly expression: string }[] {
  const spec = isMap(application.value['spec']) ? application.value['spec'] : {}
  const entries: readonly unknown[] = Array.isArray(spec['ignoreDifferences']) ? spec['ignoreDifferences'] : []
  return entries.flatMap((entry, rule) => {
    const list: readonly unknown[] = isMap(entry) && Array.isArray(entry['jqPathExpressions']) ? entry['jqPathExpressions'] : []
    return list.flatMap((expression, index) =>
      typeof expression === 'string' ? [{ pointer: toPointer(['spec', 'ignoreDifferences', rule, 'jqPathExpressions', index]), expression }] : [])
  })
}

/** The text of a scalar on several lines with nothing between them, as it was meant before an editor folded it. */
function joinedLines(application: Manifest, pointer: string): string | undefined {
  const scalar = application.scalarAt(pointer)
  if (scalar === undefined || !scalar.raw.includes('\n')) return undefined
  const lines = scalar.raw.split('\n').map((line) => line.trim())
  if (scalar.style === 'folded' || scalar.style === 'literal') return lines.slice(1).join('').trim()
  return scalar.style === 'plain' ? lines.join('') : undefined
}
