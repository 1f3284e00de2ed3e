import { refText } from '@rollsync/manifests'
import type { Finding } from '../../finding.ts'
import { escapeMarkup } from '../../picture/escape-markup.ts'
import type { RuleMeta } from '../../rule.ts'
import type { ReporterContext } from '../reporter.ts'
import { rulePage } from '../rule-page.ts'

/** One finding by its number: where, what, how it is mended, its lines with two more around them, and the way to the picture that marks its moment (`place` is an id). */
export function findingSection(finding: Finding, number: number, place: string | undefined, { sources, rules }: ReporterContext): string {
  const { severity, message, hint, moment } = finding
  return `<article class="finding ${severity}" id="finding-${number}">
<p><span class="faint">${number}</span> <span class="severity ${severity}">${severity}</span> <code>${escapeMarkup(`${finding.file}:${finding.line}:${finding.column}`)}</code> ${ruleLink(finding.rule, rules)} <span class="faint">${escapeMarkup(refText(finding.resource))}</span></p>
<p>${prose(message)}</p>
${frame(finding, sources.get(finding.file))}
${hint === undefined ? '' : `<p><span class="faint">Hint:</span> ${prose(hint)}</p>`}
${moment === undefined || place === undefined ? '' : `<p><a class="moment-link" href="#${place}">See it in the picture</a> <span class="faint">${escapeMarkup(moment.words)}</span></p>\n`}</article>`
}

/** Text of a message; what stands in backticks is code. */
function prose(text: string): string {
  return text.split(/`([^`\r\n]+)`/).map((part, index) => (index % 2 === 1 ? `<code>${escapeMarkup(part)}</code>` : escapeMarkup(part))).join('')
}

function ruleLink(id: string, rules: readonly RuleMeta[]): string {
  const meta = rules.find((rule) => rule.id === id)
  const page = meta === undefined ? undefined : rulePage(meta)
  const name = escapeMarkup(id)
  // A team's rule names its page itself: anything but a web address stays text.
  return page !== undefined && /^https?:\/\//i.test(page) ? `<a href="${escapeMarkup(page)}" rel="noreferrer">${name}</a>` : `<code>${name}</code>`
}

const around = 2
/** More lines than this of one finding nobody reads. */
const most = 12

function frame(finding: Finding, source: string | undefined): string {
  const lines = source?.replace(/^\ufeff/, '').replace(/\r?\n$/, '').split(/\r?\n/)
  if (lines === undefined || lines[finding.line - 1] === undefined) return ''
  const from = Math.max(1, finding.line - around)
  const to = Math.min(lines.length, Math.min(finding.endLine, finding.line + most) + around)
  const width = String(to).length
  const rows = Array.from({ length: to - from + 1 }, (_, offset) => {
    const number = from + offset
    return `<span class="gutter">${String(number).padStart(width)} | </span>${marked(lines[number - 1] ?? '', number, finding)}`
  })
  return `<pre tabindex="0">${rows.join('\n')}</pre>`
}

/** A line with the part that the finding is about. */
function marked(text: string, number: number, { line, column, endLine, endColumn }: Finding): string {
  if (number < line || number > endLine) return escapeMarkup(text)
  const start = number === line ? column - 1 : text.search(/\S|$/)
  const end = number === endLine ? Math.max(endColumn - 1, start + 1) : text.length
  return `${escapeMarkup(text.slice(0, start))}<mark class="at">${escapeMarkup(text.slice(start, end))}</mark>${escapeMarkup(text.slice(end))}`
}
