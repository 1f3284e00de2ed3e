import { counted } from '@rollsync/ignore'
import { refText } from '@rollsync/manifests'
import type { Finding, Report } from '../finding.ts'
import type { RuleMeta } from '../rule.ts'
import type { ReporterContext } from './reporter.ts'
import { rulePage } from './rule-page.ts'
import { seenText } from './seen.ts'

/** A job summary takes 1 MiB, and a finding up to a kilobyte; more rows than this nobody reads. */
const mostRows = 600
const mostProofs = 600

/** Markdown for a job summary or a comment on a pull request: what was found, what was proven, what could not be known. */
export function markdown(report: Report, { rules }: ReporterContext): string {
  const blocks = [
    `## rollsync: ${verdict(report)}`,
    totals(report),
    ...table(['Severity', 'Place', 'Rule', 'Finding'], unreadable(report)),
    ...table(['Severity', 'Place', 'Rule', 'Finding'], report.findings.slice(0, mostRows).map((one) => findingRow(one, rules))),
    ...(report.findings.length > mostRows ? [`${report.findings.length - mostRows} more findings are not listed here.`] : []),
    ...proven(report),
    ...folded(`${report.suppressed.length} suppressed`, report.suppressed.map((one) => `${code(`${one.file}:${one.line}`)} ${code(one.rule)}: ${inline(one.suppression.reason)}`)),
    ...folded(`${report.unverified.length} unverified`, report.unverified.map(inline)),
  ]
  return `${blocks.join('\n\n')}\n`
}

function verdict({ diagnostics, summary }: Report): string {
  if (diagnostics.some((one) => one.severity === 'error')) return 'some files cannot be read'
  if (summary.errors > 0) return 'not safe'
  return summary.warnings > 0 ? 'warnings' : 'no finding'
}

function totals(report: Report): string {
  const { errors, warnings, infos } = report.summary
  return `${seenText(report)}: ${counted(errors, 'error')}, ${counted(warnings, 'warning')}, ${counted(infos, 'info')}. Judged as Argo CD ${report.argocd} and Argo Rollouts ${report.rollouts}.`
}

function unreadable({ diagnostics }: Report): readonly (readonly string[])[] {
  return diagnostics.filter((one) => one.severity !== 'info').map((one) => [one.severity, code(one.at === undefined ? '' : `${one.at.file}:${one.at.line}:${one.at.column}`), code(one.code), cell(one.message, one.hint)])
}

function findingRow(one: Finding, rules: readonly RuleMeta[]): readonly string[] {
  const meta = rules.find((rule) => rule.id === one.rule)
  const page = meta === undefined ? undefined : rulePage(meta)
  return [one.severity, code(`${one.file}:${one.line}:${one.column}`), page === undefined ? code(one.rule) : `[${code(one.rule)}](${page})`, cell(one.message, one.hint)]
}

/** Every law of every canary; where these are too many, those that do not hold. */
function proven({ proofs }: Report): readonly string[] {
  const all = proofs.flatMap((proof) => proof.laws.map((law) => ({ proof, law })))
  const told = (all.length <= mostProofs ? all : all.filter(({ law }) => law.verdict !== 'holds')).slice(0, mostProofs)
  const rows = told.map(({ proof, law: { law, verdict: answer, checked } }) => [
    inline(refText(proof.rollout)), inline(proof.application?.name ?? ''), String(proof.states), law, answer === 'holds' ? answer : `**${answer}**`, inline(checked),
  ])
  const holding = all.filter(({ law }) => law.verdict === 'holds').length
  const left = told.length < all.length ? [`Of ${all.length} laws of ${counted(proofs.length, 'canary', 'canaries')}, ${holding} hold; ${told.length} of the ${all.length - holding} others are listed here.`] : []
  return [...table(['Rollout', 'Application', 'States', 'Law', 'Verdict', 'Over'], rows), ...left]
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return []
  return [[head, head.map(() => '---'), ...rows].map((row) => `| ${row.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`).join('\n')]
}

function folded(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`<details><summary>${title}</summary>\n\n${lines.map((line) => `- ${line}`).join('\n')}\n\n</details>`]
}

function cell(message: string, hint: string | undefined): string {
  return hint === undefined ? inline(message) : `${inline(message)}<br>${inline(hint)}`
}

/** Text that stays text: nothing in it opens a table cell, a tag, a link, a mention or emphasis. Backticked parts stay code. */
function inline(text: string): string {
  return text.split(/(`[^`\r\n]+`)/).map((part, index) => (index % 2 === 1 ? code(part.slice(1, -1)) : escape(part))).join('')
}

function escape(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replace(/[\\*_[\]`~#]/g, (one) => `\\${one}`).replaceAll('@', '@&#8203;')
}

function code(text: string): string {
  const flat = text.replace(/[\r\n]+/g, ' ')
  const fence = '`'.repeat(1 + Math.max(0, ...(flat.match(/`+/g) ?? []).map((run) => run.length)))
  return flat === '' ? '' : fence === '`' ? `\`${flat}\`` : `${fence} ${flat} ${fence}`
}
