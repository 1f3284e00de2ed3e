import { refText } from '@rollsync/manifests'
import type { CanaryPicture, PictureMoment } from '../../picture/canary-picture.ts'
import { escapeMarkup } from '../../picture/escape-markup.ts'
import type { DiffLine } from '../../picture/line-diff.ts'
import { cellText, laneName, timelineSvg } from '../../picture/timeline-svg.ts'

/** One canary: its picture, and each moment with what Argo CD answers and what the cluster holds against Git. */
export function pictureSection(picture: CanaryPicture, index: number): string {
  const id = `canary-${index + 1}`
  const about = picture.application === undefined ? 'no Application deploys it' : `Application ${picture.application.name}`
  const first = firstOf(picture)
  const choices = picture.moments.map(({ number, step }) =>
    `<label><input type="radio" name="${id}" value="${number}"${number === first ? ' checked' : ''}> ${number} <span class="faint">${escapeMarkup(step)}</span></label>`)
  return `<section class="canary" id="${id}" data-first="${first}">
<h2>${escapeMarkup(refText(picture.rollout))} <span class="faint">${escapeMarkup(about)}</span></h2>
<div class="picture" tabindex="0" role="region" aria-label="Timeline of ${escapeMarkup(refText(picture.rollout))}">
${timelineSvg(picture)}</div>
<fieldset class="moments" hidden><legend>Moment</legend>${choices.join('\n')}</fieldset>
${picture.moments.map((moment) => momentPanel(moment, picture)).join('\n')}
</section>`
}

/** What a person wants to see at once: of the moments that are not in order (of all, where every one is) the first with a header route, else the first. */
function firstOf({ moments, lanes }: CanaryPicture): number {
  const own = lanes.filter((lane, index) => lane.asks === 'compare' || index === lanes.findIndex((one) => one.asks === 'sync'))
  const broken = moments.filter(({ number }) => own.some(({ cells }) => cells[number]?.answer !== 'Synced' && cells[number]?.answer !== 'safe'))
  const shown = broken.length > 0 ? broken : moments
  return (shown.find(({ routes }) => routes.length > 0) ?? shown[0])?.number ?? 0
}

function momentPanel(moment: PictureMoment, { lanes }: CanaryPicture): string {
  const { number, place, weight, pods, routes, drifts } = moment
  const facts: readonly (readonly [string, string])[] = [
    ['Canary traffic', weight === undefined ? 'no router has set a weight' : `${weight} %`],
    ['Pods available', `${pods.stable} old, ${pods.canary} new, of ${pods.wanted} that the Rollout asks for`],
    ['Header routes', routes.length === 0 ? 'none' : routes.map(({ name, complete }) => `${name}${complete ? '' : ' (half)'}`).join(', ')],
    ...lanes.map((lane): readonly [string, string] => [laneName(lane), cellText(lane.cells[number])]),
  ]
  return `<div class="moment" data-moment="${number}">
<h3>Moment ${number}: ${escapeMarkup(place)}</h3>
<dl>${facts.map(([name, text]) => `<dt>${escapeMarkup(name)}</dt><dd>${escapeMarkup(text)}</dd>`).join('')}</dl>
${drifts.length === 0 ? '<p class="faint">The cluster holds what Git holds.</p>' : drifts.map(({ resource, lines }) => `<h4>${escapeMarkup(refText(resource))}: from Git to the cluster</h4>\n<pre tabindex="0">${lines.map(diffLine).join('')}</pre>`).join('\n')}
</div>`
}

function diffLine({ is, text }: DiffLine): string {
  const escaped = escapeMarkup(text)
  switch (is) {
    case 'added': return `<ins>+ ${escaped}</ins>`
    case 'removed': return `<del>- ${escaped}</del>`
    case 'same': return `<span class="same">  ${escaped}</span>`
    case 'gap': return `<span class="gap">… ${escaped}</span>`
    default: return is satisfies never
  }
}
