import type { Diagnostic } from '@rollsync/manifests'
import type { Report } from '../finding.ts'
import { group } from '../group.ts'
import type { ReporterContext } from './reporter.ts'
import { findingLine, type TestCase, testCases } from './test-case.ts'

/** JUnit XML: one suite per file, one test case per rule and object, passes included. Errors are failures; warnings and infos stand in system-out; suppressed ones are skipped; a file that cannot be read is an error. */
export function junit(report: Report, { rules }: ReporterContext): string {
  const cases = testCases(report, rules)
  const broken = group(report.diagnostics.filter((one) => one.severity === 'error'), (one) => one.at?.file ?? '')
  const files = [...new Set([...cases.keys(), ...broken.keys()])].sort()
  const suites = files.map((file) => suite(file, cases.get(file) ?? [], broken.get(file) ?? []))
  const count = (part: keyof Counts): number => suites.reduce((sum, one) => sum + one.counts[part], 0)
  const head = `<testsuites name="rollsync" tests="${count('tests')}" failures="${count('failures')}" errors="${count('errors')}" skipped="${count('skipped')}">`
  return ['<?xml version="1.0" encoding="UTF-8"?>', head, ...suites.map((one) => one.text), '</testsuites>', ''].join('\n')
}

interface Counts {
  readonly tests: number
  readonly failures: number
  readonly errors: number
  readonly skipped: number
}

function suite(file: string, cases: readonly TestCase[], unreadable: readonly Diagnostic[]): { readonly text: string; readonly counts: Counts } {
  const counts = {
    tests: cases.length + unreadable.length,
    failures: cases.filter((one) => outcome(one) === 'failed').length,
    errors: unreadable.length,
    skipped: cases.filter((one) => outcome(one) === 'skipped').length,
  }
  const open = `  <testsuite name=${quote(file)} tests="${counts.tests}" failures="${counts.failures}" errors="${counts.errors}" skipped="${counts.skipped}">`
  const errors = unreadable.map((one) => element(one.code, file, one.at?.line ?? 1, `<error type=${quote(one.code)} message=${quote(one.message)}${one.hint === undefined ? '/>' : `>${escape(one.hint)}</error>`}`))
  return { text: [open, ...errors, ...cases.map((one) => testCase(one, file)), '  </testsuite>'].join('\n'), counts }
}

function testCase(one: TestCase, file: string): string {
  const [first] = one.findings
  const lines = one.findings.map(findingLine).join('\n')
  switch (outcome(one)) {
    case 'failed': {
      const text = [lines, ...new Set(one.findings.flatMap((finding) => finding.hint ?? []))].join('\n')
      return element(one.name, file, one.line, `<failure type=${quote(one.rule)} message=${quote(first?.message ?? '')}>${escape(text)}</failure>`)
    }
    case 'skipped':
      return element(one.name, file, one.line, `<skipped message=${quote(one.suppressed.map((finding) => finding.suppression.reason).join('; '))}/>`)
    case 'warned':
      return element(one.name, file, one.line, `<system-out>${escape(lines)}</system-out>`)
    case 'passed':
      return element(one.name, file, one.line, '')
  }
}

/** How one rule on one object ended, in the words of test reports. */
function outcome(one: TestCase): 'passed' | 'warned' | 'failed' | 'skipped' {
  if (one.findings.some((finding) => finding.severity === 'error')) return 'failed'
  if (one.findings.length > 0) return 'warned'
  return one.suppressed.length > 0 ? 'skipped' : 'passed'
}

function element(name: string, file: string, line: number, inner: string): string {
  const open = `    <testcase name=${quote(name)} classname=${quote(file)} file=${quote(file)} line="${line}"`
  return inner === '' ? `${open}/>` : `${open}>\n      ${inner}\n    </testcase>`
}

function quote(text: string): string {
  return `"${escape(text).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')}"`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' }

/** XML 1.0 has no way to write most control characters and lone surrogates: they become U+FFFD. */
function escape(text: string): string {
  return text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd').replace(/[&<>"\r]/g, (one) => entities[one] ?? one)
}
