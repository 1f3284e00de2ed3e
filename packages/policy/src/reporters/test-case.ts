import { refKey, type ResourceRef, refText } from '@rollsync/manifests'
import type { Finding, Report, SuppressedFinding } from '../finding.ts'
import type { RuleMeta } from '../rule.ts'
import { group } from '../group.ts'

/** One rule asked of one object, for formats that count tests. Without findings it passed. */
export interface TestCase {
  readonly rule: string
  readonly name: string
  readonly line: number
  readonly findings: readonly Finding[]
  readonly suppressed: readonly SuppressedFinding[]
}

/** Every rule for every object that was checked, by file, in the order of files and lines; an object with a finding counts whether or not it is listed as checked. */
export function testCases(report: Report, rules: readonly RuleMeta[]): ReadonlyMap<string, readonly TestCase[]> {
  const all: readonly (Finding | SuppressedFinding)[] = [...report.findings, ...report.suppressed]
  const objects = new Map(report.checked.map((one) => [placeKey(one.file, one.resource), one]))
  for (const one of all) if (!objects.has(placeKey(one.file, one.resource))) objects.set(placeKey(one.file, one.resource), { resource: one.resource, file: one.file, line: one.line })
  const ordered = [...objects.values()].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line))
  const byCase = group(all, (one) => `${one.rule}\n${placeKey(one.file, one.resource)}`)
  const ids = [...new Set([...rules.map((rule) => rule.id), ...all.map((one) => one.rule)])].sort()
  const files = new Map<string, TestCase[]>()
  for (const { resource, file, line } of ordered) {
    const cases = files.get(file) ?? []
    files.set(file, cases)
    for (const rule of ids) {
      const found = byCase.get(`${rule}\n${placeKey(file, resource)}`) ?? []
      const suppressed = found.filter((one) => 'suppression' in one)
      const findings = found.filter((one) => !('suppression' in one))
      cases.push({ rule, name: `${rule}: ${refText(resource)}`, line: findings[0]?.line ?? line, findings, suppressed })
    }
  }
  return files
}

function placeKey(file: string, resource: ResourceRef): string {
  return `${file}\n${refKey(resource)}`
}

/** A finding on one line: `rollout.yaml:12:5 error what is wrong`. */
export function findingLine(finding: Finding): string {
  return `${finding.file}:${finding.line}:${finding.column} ${finding.severity} ${finding.message}`
}
