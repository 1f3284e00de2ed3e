import { refText } from '@rollsync/manifests'
import type { CanaryPicture, Cell, Lane, PictureMoment } from './canary-picture.ts'
import { escapeMarkup } from './escape-markup.ts'
import { timelineStyle } from './timeline-style.ts'

const column = 76
const head = 84
const weightHeight = 64
const podsHeight = 56
const row = 26
const gap = 14
const longest = 54
const podsLabel = 'pods available: old + new'

/** A picture of one canary as SVG that stands alone: moments from left to right; traffic, pods, header routes and Argo CD's answers as lanes. Readable on light and dark ground; no colour says anything that no word says. */
export function timelineSvg(picture: CanaryPicture): string {
  const { moments, lanes } = picture
  const routes = [...new Set(moments.flatMap((moment) => moment.routes.map(({ name }) => name)))]
  const weightTop = head
  const podsTop = weightTop + weightHeight + gap
  const routesTop = podsTop + podsHeight + gap
  const lanesTop = routesTop + routes.length * row + (routes.length === 0 ? 0 : gap)
  const footTop = lanesTop + lanes.length * row + gap
  const height = footTop + 24
  const labels = ['canary traffic, %', podsLabel, ...routes.map(routeLabel), ...lanes.map(laneName)]
  const gutter = Math.round(24 + Math.max(...labels.map((text) => Math.min(text.length, longest))) * 6.4)
  const foot = footText(picture)
  const width = Math.max(gutter + moments.length * column + 12, Math.round(foot.length * 6 + 24))
  const parts = [
    label('canary traffic, %', weightTop + weightHeight / 2),
    label(podsLabel, podsTop + podsHeight / 2),
    ...routes.map((name, index) => label(routeLabel(name), routesTop + index * row + row / 2)),
    ...lanes.map((lane, index) => label(laneName(lane), lanesTop + index * row + row / 2)),
    `<g transform="translate(${gutter} 0)">`,
    ...moments.map((moment) => columnOf(moment, picture, footTop - 6)),
    weightArea(moments, weightTop),
    ...moments.map((moment) => podsBar(moment, podsTop)),
    ...routes.flatMap((name, index) => routeLane(name, moments, routesTop + index * row)),
    ...lanes.flatMap((lane, index) => laneRow(lane, lanesTop + index * row)),
    '</g>',
    `<text class="foot" x="12" y="${footTop + 12}">${escapeMarkup(foot)}</text>`,
  ]
  const title = `${refText(picture.rollout)}${picture.application === undefined ? '' : `, Application ${picture.application.name}`}`
  return `<svg class="timeline" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeMarkup(`Timeline of ${title}`)}">
<style>${timelineStyle}</style>
<rect class="ground" width="${width}" height="${height}" rx="6"/>
${parts.join('\n')}
</svg>
`
}

function footText({ by, lanes }: CanaryPicture): string {
  const starred = lanes.some((lane) => lane.cells.some((cell) => cell.when === 'with a change in Git'))
  return `${by.join(', ')}${starred ? '. * only a sync that brings a change of the object itself' : ''}`
}

function x(number: number): number {
  return number * column
}

function columnOf(moment: PictureMoment, { lanes }: CanaryPicture, bottom: number): string {
  const left = x(moment.number)
  const told = [
    `Moment ${moment.number}: ${moment.place}`,
    ...lanes.map((lane) => `${laneName(lane)}: ${cellText(lane.cells[moment.number])}`),
  ].join('\n')
  return `<g class="column" data-moment="${moment.number}"><title>${escapeMarkup(told)}</title><rect class="${moment.number % 2 === 0 ? 'even' : 'odd'}" x="${left}" y="4" width="${column}" height="${bottom - 4}"/>
<text class="number" x="${left + 6}" y="${head - 8}">${moment.number}</text><text class="step" transform="translate(${left + (moment.number > 9 ? 30 : 22)} ${head - 10}) rotate(-38)">${escapeMarkup(cut(moment.step, 22))}</text></g>`
}

/** A stepped area: the share is what it is until the next moment. */
function weightArea(moments: readonly PictureMoment[], top: number): string {
  const y = (moment: PictureMoment): number => top + weightHeight - ((moment.weight ?? 0) / 100) * weightHeight
  const corners = moments.flatMap((moment) => [`${x(moment.number)},${y(moment)}`, `${x(moment.number) + column},${y(moment)}`])
  const base = top + weightHeight
  const numbers = moments.map((moment) => `<text class="value" x="${x(moment.number) + column / 2}" y="${Math.max(top + 12, y(moment) - 4)}">${moment.weight ?? '–'}</text>`)
  return [
    `<line class="axis" x1="0" y1="${base}" x2="${x(moments.length)}" y2="${base}"/>`,
    `<polygon class="weight" points="0,${base} ${corners.join(' ')} ${x(moments.length)},${base}"/>`, ...numbers,
  ].join('\n')
}

function podsBar({ number, pods, place }: PictureMoment, top: number): string {
  const most = Math.max(1, pods.wanted * 2)
  const scale = (count: number): number => (Math.min(count, most) / most) * (podsHeight - 14)
  const base = top + podsHeight
  const stable = scale(pods.stable)
  const canary = scale(pods.canary)
  const text = `${pods.stable}${pods.canary === 0 ? '' : ` + ${pods.canary}`}${place.includes('starting') ? ' …' : ''}`
  return `<rect class="stable" x="${x(number) + 20}" y="${base - stable}" width="${column - 40}" height="${stable}"/><rect class="canary" x="${x(number) + 20}" y="${base - stable - canary}" width="${column - 40}" height="${canary}"/><text class="value" x="${x(number) + column / 2}" y="${base - stable - canary - 4}">${text}</text>`
}

function routeLane(name: string, moments: readonly PictureMoment[], top: number): readonly string[] {
  return moments.flatMap(({ number, routes }) => {
    const route = routes.find((one) => one.name === name)
    if (route === undefined) return []
    return [`<rect class="${route.complete ? 'route' : 'half'}" x="${x(number)}" y="${top + 3}" width="${column}" height="${row - 6}"/><text class="cell-text" x="${x(number) + column / 2}" y="${top + row / 2}">${route.complete ? 'live' : 'half'}</text>`]
  })
}

function laneRow(lane: Lane, top: number): readonly string[] {
  return lane.cells.map((cell, number) => {
    const change = cell.when === 'always' ? '' : ' change'
    return `<rect class="cell ${cell.answer}${change}" x="${x(number) + 3}" y="${top + 3}" width="${column - 6}" height="${row - 6}" rx="3"/><text class="cell-text" x="${x(number) + column / 2}" y="${top + row / 2}">${cell.answer}${change === '' ? '' : '*'}</text>`
  })
}

/** A lane in a few words: `Argo CD compares`, `sync`, `sync, RespectIgnoreDifferences`. */
export function laneName({ asks, options }: Lane): string {
  if (asks === 'compare') return 'Argo CD compares'
  return options.length === 0 ? 'a sync' : `a sync, ${options.map((option) => option.replace(/=true$/, '')).join(', ')}`
}

/** A cell in words. */
export function cellText(cell: Cell | undefined): string {
  if (cell === undefined) return ''
  return `${cell.answer}${cell.when === 'always' ? '' : ` ${cell.when}`}${cell.why.length === 0 ? '' : `: ${cell.why.join('; ')}`}`
}

function routeLabel(name: string): string {
  return `route ${name}`
}

function label(text: string, middle: number): string {
  return `<text class="label" x="12" y="${middle}">${text.length > longest ? `<title>${escapeMarkup(text)}</title>` : ''}${escapeMarkup(cut(text, longest))}</text>`
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}
