import { counted } from '@rollsync/ignore'
import { refText } from '@rollsync/manifests'
import type { Report } from '../finding.ts'
import { escapeMarkup } from '../picture/escape-markup.ts'
import { findingSection } from './html/finding-section.ts'
import { pageScript } from './html/page-script.ts'
import { pageStyle } from './html/page-style.ts'
import { canarySection, markedPlaces, type PlacedCanary, placePictures } from './html/picture-section.ts'
import type { ReporterContext } from './reporter.ts'
import { seenText } from './seen.ts'

/** One page that stands alone: nothing is requested from anywhere. Findings at their lines, each canary's days as pictures with what differs at each moment, what was proven and what could not be known. */
export function html(report: Report, context: ReporterContext): string {
  const canaries = placePictures(context.pictures ?? [])
  const places = markedPlaces(canaries)
  const sections = [
    ...(report.diagnostics.some((one) => one.severity === 'error') ? [section('unreadable', 'Cannot be read', unreadable(report))] : []),
    section('findings', 'Findings', report.findings.length === 0 ? '<p class="holds">No finding.</p>' : report.findings.map((one, index) => findingSection(one, index + 1, places.get(index + 1), context)).join('\n')),
    ...canaries.map(canarySection),
    ...left(context.picturesLeft ?? 0, canaries.length),
    ...(report.proofs.length === 0 ? [] : [section('proofs', 'Proven', proofs(report))]),
    ...(report.suppressed.length === 0 ? [] : [section('suppressed', 'Suppressed', list(report.suppressed.map((one) => `<code>${escapeMarkup(`${one.file}:${one.line}`)}</code> ${escapeMarkup(one.rule)}: ${escapeMarkup(one.suppression.reason)}`)))]),
    ...(report.unverified.length === 0 ? [] : [section('unverified', 'Unverified', list(report.unverified.map(escapeMarkup)))]),
  ]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>rollsync: ${escapeMarkup(totals(report))}</title>
<style>
${pageStyle(momentNumbers(canaries))}
</style>
</head>
<body>
<header>
<h1>rollsync check</h1>
<p>${escapeMarkup(totals(report))} <span class="faint">${escapeMarkup(seen(report))}</span></p>
<nav aria-label="Sections">${links(report, canaries.map(({ id, days }) => [id, days[0] === undefined ? '' : refText(days[0].picture.rollout)]))}</nav>
</header>
<main>
${sections.join('\n')}
</main>
<script>
${pageScript}
</script>
</body>
</html>
`
}

function momentNumbers(canaries: readonly PlacedCanary[]): readonly number[] {
  const most = Math.max(-1, ...canaries.flatMap(({ days }) => days.flatMap(({ picture }) => picture.moments.map(({ number }) => number))))
  return Array.from({ length: most + 1 }, (_, number) => number)
}

function left(count: number, drawn: number): readonly string[] {
  return count === 0 ? [] : [`<p class="faint">${counted(drawn, 'canary is', 'canaries are')} drawn, those first that findings name; ${counted(count, 'more is', 'more are')} not. <code>rollsync simulate . --rollout NAME --format svg</code> draws another, and <code>rollsync check FOLDER --format html</code> those of one folder.</p>`]
}

function totals({ summary, diagnostics }: Report): string {
  const { errors, warnings, infos } = summary
  const broken = diagnostics.filter((one) => one.severity === 'error').length
  const found = errors + warnings + infos === 0 ? 'no finding' : `${counted(errors, 'error')}, ${counted(warnings, 'warning')}, ${counted(infos, 'info')}`
  return broken === 0 ? found : `${counted(broken, 'file')} cannot be read; ${found}`
}

function seen(report: Report): string {
  return `${seenText(report)}, judged as Argo CD ${report.argocd} and Argo Rollouts ${report.rollouts}`
}

function links(report: Report, canaries: readonly (readonly [string, string])[]): string {
  const all: readonly (readonly [string, string])[] = [
    ['findings', counted(report.findings.length, 'finding')],
    ...canaries,
    ...(report.proofs.length === 0 ? [] : [['proofs', 'Proven'] as const]),
    ...(report.unverified.length === 0 ? [] : [['unverified', `${report.unverified.length} unverified`] as const]),
  ]
  return all.map(([id, text]) => `<a href="#${id}">${escapeMarkup(text)}</a>`).join(' ')
}

function section(id: string, title: string, inner: string): string {
  return `<section id="${id}">\n<h2>${title}</h2>\n${inner}\n</section>`
}

function list(items: readonly string[]): string {
  return `<ul>\n${items.map((item) => `<li>${item}</li>`).join('\n')}\n</ul>`
}

function unreadable({ diagnostics }: Report): string {
  return list(diagnostics.filter((one) => one.severity === 'error').map((one) => `<code>${escapeMarkup(`${one.at?.file ?? ''}:${one.at?.line ?? 1}:${one.at?.column ?? 1}`)}</code> ${escapeMarkup(one.message)}`))
}

function proofs({ proofs: all }: Report): string {
  const rows = all.flatMap((proof) => proof.laws.map(({ law, verdict, checked }) =>
    `<tr><td>${escapeMarkup(refText(proof.rollout))}</td><td>${escapeMarkup(proof.application?.name ?? '')}</td><td>${escapeMarkup(law)}</td><td class="${verdict}">${verdict}</td><td>${proof.states} states; ${escapeMarkup(checked)}</td></tr>`))
  return `<div class="scrolls" tabindex="0" role="region" aria-label="What was proven"><table><thead><tr><th scope="col">Rollout</th><th scope="col">Application</th><th scope="col">Law</th><th scope="col">Verdict</th><th scope="col">Over</th></tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table></div>`
}
