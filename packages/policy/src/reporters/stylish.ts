import { counted } from '@rollsync/ignore'
import { refText } from '@rollsync/manifests'
import type { Finding, Report, Severity } from '../finding.ts'
import { type Paint, plain, type ReporterContext } from './reporter.ts'
import { seenText } from './seen.ts'

/** For a person at a terminal: each finding under its file with the line it is about, what could not be read, what was proven, and one line of totals. */
export function stylish(report: Report, { sources, paint = plain }: ReporterContext): string {
  const blocks = [
    ...report.diagnostics.filter((one) => one.severity !== 'info').map((one) => `${paint.bold(`${one.at?.file ?? ''}:${one.at?.line ?? 1}:${one.at?.column ?? 1}`)}  ${painted(one.severity, paint)}  ${printable(one.message)}  ${paint.dim(one.code)}${one.hint === undefined ? '' : `\n  ${paint.dim('hint:')} ${printable(one.hint)}`}`),
    ...report.findings.map((finding) => findingText(finding, sources, paint)),
    ...report.unverified.map((sentence) => `${paint.yellow('unverified')}  ${sentence}`),
    ...report.proofs.map((proof) => proofText(proof, paint)),
    totals(report, paint),
  ]
  return `${blocks.join('\n\n')}\n`
}

function painted(severity: Severity, paint: Paint): string {
  return severity === 'error' ? paint.red('error') : severity === 'warning' ? paint.yellow('warning') : paint.dim('info')
}

/** One finding: where, how bad, what, the line with carets, and how it is mended. */
export function findingText(finding: Finding, sources: ReadonlyMap<string, string>, paint: Paint): string {
  const head = `${paint.bold(`${finding.file}:${finding.line}:${finding.column}`)}  ${painted(finding.severity, paint)}  ${printable(finding.message)}  ${paint.dim(finding.rule)}`
  return [head, ...frame(finding, sources.get(finding.file), paint), ...(finding.hint === undefined ? [] : [`  ${paint.dim('hint:')} ${printable(finding.hint)}`])].join('\n')
}

/** The line of a finding with carets below its part, and the line after it where the part goes on. */
function frame(finding: Finding, source: string | undefined, paint: Paint): readonly string[] {
  const lines = source?.replace(/^\ufeff/, '').split(/\r?\n/)
  const text = lines?.[finding.line - 1]
  if (text === undefined) return []
  const gutter = String(finding.endLine).length
  const one = (line: number): string => `  ${paint.dim(`${String(line).padStart(gutter)} |`)} ${printable(lines?.[line - 1] ?? '')}`
  const end = finding.endLine > finding.line ? text.length + 1 : finding.endColumn
  const carets = `  ${' '.repeat(gutter)} ${paint.dim('|')} ${text.slice(0, finding.column - 1).replaceAll(/[^\t]/g, ' ')}${paint.red('^'.repeat(Math.max(1, Math.min(end, text.length + 1) - finding.column)))}`
  if (finding.endLine === finding.line) return [one(finding.line), carets]
  const rest = Array.from({ length: Math.min(finding.endLine, finding.line + 3) - finding.line }, (_, index) => one(finding.line + 1 + index))
  return [one(finding.line), ...rest]
}

/** A manifest's text must not steer the terminal: controls and marks that turn the direction of writing are shown as a box, one for one. */
function printable(text: string): string {
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
}

function proofText(proof: Report['proofs'][number], paint: Paint): string {
  const where = proof.application === undefined ? 'no Application' : `Application ${proof.application.name}`
  const head = `${refText(proof.rollout)}, ${where}: ${proof.states} states under Argo Rollouts ${proof.rollouts}, judged as Argo CD ${proof.argocd}`
  const width = Math.max(0, ...proof.laws.map(({ law }) => law.length))
  const words = Math.max(0, ...proof.laws.map(({ verdict }) => verdict.length))
  const laws = proof.laws.map(({ law, verdict, checked }) => {
    const padded = verdict.padEnd(words)
    const word = verdict === 'holds' ? paint.green(padded) : verdict === 'broken' ? paint.red(padded) : paint.yellow(padded)
    return `  ${law.padEnd(width)}  ${word}  ${paint.dim(checked)}`
  })
  return [head, ...laws].join('\n')
}

function totals(report: Report, paint: Paint): string {
  const { rollouts, errors, warnings, infos, suppressed } = report.summary
  const seen = seenText(report)
  const other = [...(infos === 0 ? [] : [counted(infos, 'info')]), ...(suppressed === 0 ? [] : [`${suppressed} suppressed`])].map((text) => `, ${text}`).join('')
  const found = errors + warnings === 0 ? paint.green('no finding') : `${counted(errors, 'error')}, ${counted(warnings, 'warning')}`
  const unread = new Set(report.diagnostics.filter((one) => one.severity === 'error').map((one) => one.at?.file)).size
  if (unread > 0) return `${seen}: ${paint.red(`${counted(unread, 'file')} could not be read`)}; the rest: ${found}${other}`
  return `${seen}: ${found}${other}${rollouts === 0 ? '; there is no Rollout here, so nothing to prove' : ''}`
}
