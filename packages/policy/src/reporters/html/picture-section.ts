import { refKey, refText } from '@rollsync/manifests'
import type { CanaryPicture, Lane, PictureMoment } from '../../picture/canary-picture.ts'
import { escapeMarkup } from '../../picture/escape-markup.ts'
import type { DiffLine } from '../../picture/line-diff.ts'
import { isInOrder } from '../../picture/picture-canary.ts'
import { cellText, inlineTimeline, laneName } from '../../picture/timeline-svg.ts'

/** The days of one canary under one Application, each with the id that leads to it. */
export interface PlacedCanary {
  readonly id: string
  readonly days: readonly { readonly id: string; readonly picture: CanaryPicture }[]
}

/** Days that belong to one canary stand one after the other. */
export function placePictures(pictures: readonly CanaryPicture[]): readonly PlacedCanary[] {
  const groups: CanaryPicture[][] = []
  for (const picture of pictures) {
    const last = groups.at(-1)
    if (last?.[0] !== undefined && keyOf(last[0]) === keyOf(picture)) last.push(picture)
    else groups.push([picture])
  }
  return groups.map((days, index) => ({ id: `canary-${index + 1}`, days: days.map((picture, day) => ({ id: `canary-${index + 1}-day-${day + 1}`, picture })) }))
}

function keyOf({ rollout, application }: CanaryPicture): string {
  return `${refKey(rollout)}\n${application === undefined ? '' : refKey(application)}`
}

/** The id of the moment at which a picture marks a finding, by the finding's number; absent where none does. */
export function markedPlaces(placed: readonly PlacedCanary[]): ReadonlyMap<number, string> {
  return new Map(placed.flatMap(({ days }) => days.flatMap(({ id, picture }) => picture.marks.map(({ finding, moment }) => [finding, momentId(id, moment)] as const))))
}

function momentId(day: string, moment: number): string {
  return `${day}-m${moment}`
}

/** One canary: the day that goes well and those that do not, each with its picture and, moment by moment, what Argo CD answers and what the cluster holds against Git. */
export function canarySection({ id, days }: PlacedCanary): string {
  const picture = days[0]?.picture
  if (picture === undefined) return ''
  const about = picture.application === undefined ? 'no Application deploys it' : `Application ${picture.application.name}`
  return `<section class="canary" id="${id}">
<h2>${escapeMarkup(refText(picture.rollout))} <span class="faint">${escapeMarkup(about)}</span></h2>
${days.map((day, index) => daySection(day.id, day.picture, index === 0 || day.picture.marks.length > 0 ? ' open' : '')).join('\n')}
</section>`
}

function daySection(id: string, picture: CanaryPicture, open: ' open' | ''): string {
  const { title, about, moments } = picture
  const first = firstOf(picture)
  const name = `${refText(picture.rollout)}: ${title}`
  return `<details class="day" id="${id}"${open}>
<summary><h3>${escapeMarkup(title)}</h3> ${tallies(picture).join(' ')}</summary>
<p>${escapeMarkup(about)}</p>
<div class="picture" tabindex="0" role="region" aria-label="${escapeMarkup(`Picture of ${name}`)}">
${inlineTimeline(picture)}</div>
<fieldset class="moments"><legend>Moment</legend>
${moments.map((moment) => choice(id, moment, picture, first)).join('\n')}
</fieldset>
<div class="panels">
${moments.map((moment, place) => momentPanel(moment, place, picture)).join('\n')}
${drifts(moments)}
</div>
</details>`
}

/** What the summary line says of a day: how Argo CD compares it, what a sync of the Application does, which findings it shows. */
function tallies({ lanes, marks, moments }: CanaryPicture): readonly string[] {
  const compared = lanes.find((lane) => lane.asks === 'compare')
  const synced = lanes.find((lane) => lane.asks === 'sync')
  const troubles = moments.filter((moment) => moment.troubles.length > 0).length
  return [
    ...(compared === undefined ? [] : [tally(compared, 'Synced', 'Argo CD')]),
    ...(synced === undefined ? [] : [tally(synced, 'safe', 'a sync')]),
    ...(troubles === 0 ? [] : [`<span class="tally broken">the controller in trouble at ${troubles} of ${moments.length}</span>`]),
    ...(marks.length === 0 ? [] : [`<span class="tally warning">finding ${[...new Set(marks.map(({ finding }) => finding))].join(', ')}</span>`]),
  ]
}

function tally({ cells }: Lane, good: 'Synced' | 'safe', who: string): string {
  const others = cells.filter(({ answer }) => answer !== good)
  const words = [...new Set(others.map(({ answer }) => answer))].join(', ')
  return others.length === 0 ? `<span class="tally holds">${who}: ${good} throughout</span>` : `<span class="tally broken">${who}: ${words} at ${others.length} of ${cells.length}</span>`
}

function choice(id: string, { number, step, event }: PictureMoment, { marks }: CanaryPicture, first: number): string {
  const found = marks.filter(({ moment }) => moment === number).map(({ finding }) => `▲ ${finding}`).join(' ')
  return `<label title="${escapeMarkup(event)}"><input type="radio" class="pick-${number}" name="${id}" id="${momentId(id, number)}"${number === first ? ' checked' : ''}> ${number} <span class="faint">${escapeMarkup(step)}</span>${found === '' ? '' : ` <span class="warning">${found}</span>`}</label>`
}

/** What a person wants to see at once: a moment that a finding names; else of those that are not in order (of all, where every one is) the first with a header route, else the first. On a day that goes wrong, from there on. */
function firstOf(picture: CanaryPicture): number {
  const { moments, marks } = picture
  if (marks[0] !== undefined) return Math.min(...marks.map(({ moment }) => moment))
  const from = (moments[0]?.number ?? 0) > 0 ? 1 : 0
  const broken = moments.filter((_, place) => place >= from && !isInOrder(picture, place))
  const shown = broken.length > 0 ? broken : moments.slice(from)
  return (shown.find(({ routes }) => routes.length > 0) ?? shown[0])?.number ?? 0
}

function momentPanel(moment: PictureMoment, at: number, { lanes, marks }: CanaryPicture): string {
  const { number, event, place, weight, pods, image, routes, troubles } = moment
  const found = marks.filter((mark) => mark.moment === number).map(({ finding }) => `<a href="#finding-${finding}">finding ${finding}</a>`)
  const facts: readonly (readonly [string, string])[] = [
    ['What happened', event],
    ...troubles.map((trouble) => ['In trouble', trouble] as const),
    ['Canary traffic', weight === undefined ? 'no router has set a weight' : `${weight} %`],
    ['Pods available', `${pods.stable} old, ${pods.canary} new, of ${pods.wanted} that the Rollout asks for`],
    ['Image', image.git === image.live ? image.live : `Git names ${image.git}, the cluster's Rollout ${image.live}`],
    ['Header routes', routes.length === 0 ? 'none' : routes.map(({ name, complete }) => `${name}${complete ? '' : ' (half)'}`).join(', ')],
    ...lanes.map((lane): readonly [string, string] => [laneName(lane), cellText(lane.cells[at])]),
  ]
  return `<div class="moment on-${number}">
<h4>Moment ${number}: ${escapeMarkup(place)}</h4>
${found.length === 0 ? '' : `<p>Here shows ${found.join(', ')}.</p>\n`}<dl>${facts.map(([name, text]) => `<dt>${escapeMarkup(name)}</dt><dd>${escapeMarkup(text)}</dd>`).join('')}</dl>
${moment.drifts.length === 0 ? '<p class="faint">Images aside, the cluster holds what Git holds.</p>\n' : ''}</div>`
}

/** Every diff once, shown at each moment that has it. */
function drifts(moments: readonly PictureMoment[]): string {
  const found = new Map<string, { readonly key: string; readonly text: string; readonly numbers: number[] }>()
  for (const { number, drifts: all } of moments) {
    for (const { resource, lines } of all) {
      const key = refKey(resource)
      const text = `<h4>${escapeMarkup(refText(resource))}: from Git to the cluster</h4>\n<pre tabindex="0">${lines.map(diffLine).join('')}</pre>`
      const known = found.get(key + text)
      if (known === undefined) found.set(key + text, { key, text, numbers: [number] })
      else known.numbers.push(number)
    }
  }
  return [...found.values()].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ text, numbers }) => `<div class="drift ${numbers.map((number) => `on-${number}`).join(' ')}">\n${text}\n</div>`).join('\n')
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
