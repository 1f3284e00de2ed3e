import type { Manifest, SourceDocument } from '@rollsync/manifests'
import { type Finding, sortFindings, type SuppressedFinding } from '../finding.ts'
import { nearest } from '../nearest.ts'
import { group } from '../group.ts'
import { fillMessage, type Rule } from '../rule.ts'
import unusedSuppression from '../rules/unused-suppression.ts'
import { readSuppressions, type Suppression, type SuppressionFault } from './read-suppressions.ts'

export interface Settled {
  readonly findings: readonly Finding[]
  readonly suppressed: readonly SuppressedFinding[]
}

/** What the rules that ran found. `known` are the ids of all rules there are, whether or not they ran. */
export interface Found {
  readonly findings: readonly Finding[]
  readonly rules: readonly Rule[]
  readonly known: readonly string[]
}

/**
 * Takes out the findings that a comment in their file silences. Where the rule unused-suppression ran, comments that silence nothing, name no rule or give no reason become findings of it;
 * a comment for a rule that did not run is not judged.
 */
export function settleFindings(found: Found, manifests: readonly Manifest[]): Settled {
  const findings: Finding[] = []
  const suppressed: SuppressedFinding[] = []
  const files = [...group(manifests, (manifest) => manifest.file).values()].map((inside) => ({ inside, ...readSuppressions(documentsOf(inside)) }))
  const comments = new Map(files.map((one) => [one.inside[0]?.file, one.suppressions]))
  const used = new Set<Suppression>()
  for (const finding of found.findings) {
    const comment = comments.get(finding.file)?.find((one) => one.rule === finding.rule && (one.scope === 'file' || one.target === finding.line))
    if (comment === undefined) findings.push(finding)
    else {
      used.add(comment)
      suppressed.push({ ...finding, suppression: { scope: comment.scope, line: comment.line, reason: comment.reason } })
    }
  }
  const judge = found.rules.find((rule) => rule.meta.id === unusedSuppression.meta.id)
  if (judge !== undefined) {
    for (const { inside, suppressions, faults } of files) {
      for (const one of faults) findings.push(finding(judge, one.fault, one, inside))
      for (const one of suppressions) if (!used.has(one)) findings.push(...unusedOf(judge, one, inside, found))
    }
  }
  return { findings: sortFindings(findings), suppressed: sortFindings(suppressed) }
}

function unusedOf(judge: Rule, one: Suppression, inside: readonly Manifest[], { rules, known }: Found): readonly Finding[] {
  if (!known.includes(one.rule)) {
    const near = nearest(one.rule, known)
    return [finding(judge, 'unknown', one, inside, { rule: one.rule, near: near === undefined ? '' : `; ${near} is near` })]
  }
  if (!rules.some((rule) => rule.meta.id === one.rule)) return []
  return [finding(judge, one.scope, one, inside, { rule: one.rule })]
}

function finding(judge: Rule, id: string, at: Suppression | SuppressionFault, inside: readonly Manifest[], data: Readonly<Record<string, string>> = {}): Finding {
  const { meta } = judge
  const around = inside.find((manifest) => manifest.at('').endLine >= at.line) ?? inside.at(-1)
  return {
    rule: meta.id, severity: meta.severity, message: fillMessage(meta.messages[id] ?? id, data), hint: meta.hint,
    file: at.file, line: at.line, column: at.column, endLine: at.line, endColumn: at.endColumn,
    pointer: '', resource: around?.ref ?? { group: '', kind: '', namespace: '', name: '' },
  }
}

function documentsOf(manifests: readonly Manifest[]): readonly SourceDocument[] {
  return [...new Set(manifests.map((manifest) => manifest.document))]
}
