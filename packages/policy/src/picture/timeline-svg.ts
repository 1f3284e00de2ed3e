import { refText } from '@rollsync/manifests'
import type { CanaryPicture, Cell, Lane, PictureMoment } from './canary-picture.ts'
import { escapeMarkup } from './escape-markup.ts'
import { timelineStyle } from './timeline-style.ts'

const column = 78
const head = 92
const weightHeight = 64
const podsHeight = 56
/** As many fit into a column. */
const letters = 12
const row = 26
const gap = 14
/** Letters of a lane's name in one line, and in two. */
const longest = 31

/** Lanes from top to bottom, each with its name, its height and what stands in it. */
interface Band {
  readonly name: string
  readonly height: number
  /** A space below it, where another kind of lane begins. */
  readonly after: number
  readonly draw: (top: number) => readonly string[]
}

/** A picture of one day as SVG that stands alone: moments from left to right; what happened, traffic, pods, images, header routes and Argo CD's answers as lanes. Readable on light and dark ground; no colour says anything that no word says. */
export function timelineSvg(picture: CanaryPicture): string {
  return drawTimeline(picture, `<style>${timelineStyle}</style>\n`)
}

/** The same for a page that has `timelineStyle` already. */
export function inlineTimeline(picture: CanaryPicture): string {
  return drawTimeline(picture, '')
}

function drawTimeline(picture: CanaryPicture, style: string): string {
  const { moments } = picture
  const bands = bandsOf(picture)
  const gutter = Math.round(24 + Math.max(...bands.flatMap(({ name }) => nameLines(name).map((line) => line.length))) * 6.4)
  const tops = bands.map((_, index) => head + bands.slice(0, index).reduce((sum, { height, after }) => sum + height + after, 0))
  const footTop = head + bands.reduce((sum, { height, after }) => sum + height + after, 0)
  const foot = footLines(picture)
  const width = Math.max(gutter + moments.length * column + 40, ...foot.map((line) => Math.round(line.length * 5.8 + 24)))
  const height = footTop + 10 + foot.length * 16
  const title = `${refText(picture.rollout)}${picture.application === undefined ? '' : `, Application ${picture.application.name}`}: ${picture.title}`
  return `<svg class="timeline" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeMarkup(`Timeline of ${title}`)}">
<desc>${escapeMarkup(moments.map(momentText).join('. '))}.</desc>
${style}<rect class="ground" width="${width}" height="${height}" rx="6"/>
${bands.map(({ name, height: high }, index) => label(name, (tops[index] ?? 0) + high / 2)).join('\n')}
<g transform="translate(${gutter} 0)">
${[...moments.map((moment, place) => columnOf(moment, place, picture, footTop - 8)), ...moments.map(headOf), ...bands.flatMap(({ draw }, index) => draw(tops[index] ?? 0))].join('\n')}
</g>
${foot.map((line, index) => `<text class="foot" x="12" y="${footTop + 12 + index * 16}">${escapeMarkup(line)}</text>`).join('\n')}
</svg>
`
}

function bandsOf({ moments, lanes, marks }: CanaryPicture): readonly Band[] {
  const routes = [...new Set(moments.flatMap((moment) => moment.routes.map(({ name }) => name)))]
  const plain = (name: string, draw: Band['draw'], after = 0): Band => ({ name, height: row, after, draw })
  const numbers = moments.map(({ number }) => marks.filter(({ moment }) => moment === number).map(({ finding }) => finding))
  return [
    plain('what happened', (top) => moments.map((moment, place) => text('event', place, top + row / 2, cut(shortEvent(moment), letters))), gap / 2),
    ...(marks.length === 0 ? [] : [plain('finding', (top) => numbers.flatMap((found, place) => (found.length === 0 ? [] : box('finding-mark', place, top, found.map((number) => `▲ ${number}`).join(' ')))), gap / 2)]),
    ...(moments.every(({ weight }) => weight === undefined) ? [] : [{ name: 'canary traffic, %', height: weightHeight, after: gap, draw: (top: number) => weightArea(moments, top) }]),
    { name: 'pods available: old + new', height: podsHeight, after: gap, draw: (top) => moments.flatMap((moment, place) => podsBar(moment, place, top)) },
    plain('image in Git', (top) => moments.map(({ image }, place) => text('cell-text', place, top + row / 2, cut(shortImage(image.git), letters)))),
    plain('image in the cluster', (top) => moments.flatMap(({ image }, place) => (image.git === image.live ? [text('cell-text', place, top + row / 2, cut(shortImage(image.live), letters))] : box('half', place, top, cut(`≠ ${shortImage(image.live)}`, letters)))), gap / 2),
    ...routes.map((name, index) => plain(`route ${name}`, (top) => routeLane(name, moments, top), index === routes.length - 1 ? gap / 2 : 0)),
    ...lanes.map((lane, index) => plain(laneName(lane), (top) => laneRow(lane, top), index === lanes.length - 1 ? gap : 0)),
  ]
}

function footLines({ title, by, moments, lanes }: CanaryPicture): readonly string[] {
  const starred = lanes.some((lane) => lane.cells.some((cell) => cell.when === 'with a change in Git'))
  const first = moments[0]?.number ?? 0
  return [
    `${title}${first === 0 ? '' : `; moments 0 to ${first - 1} are those of the release that goes well`}`,
    `${by.join(', ')}${starred ? '. * only a sync that brings a change of the object itself' : ''}`,
  ]
}

function momentText({ number, event, place }: PictureMoment): string {
  return `Moment ${number}: ${event}: ${place}`
}

/** An event in the room of a column: who reads on finds the whole of it in the title. */
function shortEvent({ event }: PictureMoment): string {
  const image = /^(?:image updated to|Git names) (\S+)/.exec(event)?.[1]
  if (image !== undefined) return `Git: ${shortImage(image)}`
  if (/^pods of .* (crashed|do not become ready|become ready)$/.test(event)) return `pods ${/crashed/.test(event) ? 'crash' : /not/.test(event) ? 'hang' : 'recover'}`
  if (event.startsWith('a sync fails')) return 'sync fails'
  return event.startsWith('a sync') ? (event.endsWith(' nothing') ? 'sync: nothing' : 'a sync') : event.replace(/ passed$/, '')
}

/** The tag, else the end of the digest, else the name. */
function shortImage(image: string): string {
  const [named = '', digest] = image.split('@')
  return /:([^/:]+)$/.exec(named)?.[1] ?? (digest === undefined ? named.replace(/^.*\//, '') : `…${digest.slice(-8)}`)
}

function x(place: number): number {
  return place * column
}

function columnOf(moment: PictureMoment, place: number, { lanes }: CanaryPicture, bottom: number): string {
  const told = [momentText(moment), ...lanes.map((lane) => `${laneName(lane)}: ${answerText(lane.cells[place])}`)].join('\n')
  return `<g class="column on-${moment.number}" data-moment="${moment.number}"><title>${escapeMarkup(told)}</title><rect class="${place % 2 === 0 ? 'even' : 'odd'}" x="${x(place) + 1}" y="4" width="${column - 2}" height="${bottom - 4}"/></g>`
}

function headOf({ number, step }: PictureMoment, place: number): string {
  const left = x(place)
  return `<text class="number" x="${left + 6}" y="${head - 8}">${number}</text><text class="step" transform="translate(${left + (number > 9 ? 30 : 22)} ${head - 10}) rotate(-38)">${escapeMarkup(cut(step, 20))}</text>`
}

/** A stepped area: the share is what it is until the next moment. */
function weightArea(moments: readonly PictureMoment[], top: number): readonly string[] {
  const y = (moment: PictureMoment): number => top + weightHeight - ((moment.weight ?? 0) / 100) * weightHeight
  const corners = moments.flatMap((moment, place) => [`${x(place)},${y(moment)}`, `${x(place) + column},${y(moment)}`])
  const base = top + weightHeight
  return [
    `<line class="axis" x1="0" y1="${base}" x2="${x(moments.length)}" y2="${base}"/>`,
    `<polygon class="weight" points="0,${base} ${corners.join(' ')} ${x(moments.length)},${base}"/>`,
    ...moments.map((moment, place) => `<text class="value" x="${x(place) + column / 2}" y="${Math.max(top + 12, y(moment) - 4)}">${moment.weight ?? '–'}</text>`),
  ]
}

function podsBar({ pods, place: words }: PictureMoment, place: number, top: number): readonly string[] {
  const most = Math.max(1, pods.wanted * 2)
  const scale = (count: number): number => (Math.min(count, most) / most) * (podsHeight - 14)
  const base = top + podsHeight
  const stable = scale(pods.stable)
  const canary = scale(pods.canary)
  const mark = words.includes('starting') ? ' …' : words.includes('unavailable') ? ' !' : ''
  const bar = (kind: string, y: number, height: number): readonly string[] => (height === 0 ? [] : [`<rect class="${kind}" x="${x(place) + 22}" y="${y}" width="${column - 44}" height="${height}"/>`])
  return [...bar('stable', base - stable, stable), ...bar('canary', base - stable - canary, canary), `<text class="value" x="${x(place) + column / 2}" y="${base - stable - canary - 4}">${pods.stable}${pods.canary === 0 ? '' : ` + ${pods.canary}`}${mark}</text>`]
}

function routeLane(name: string, moments: readonly PictureMoment[], top: number): readonly string[] {
  return moments.flatMap(({ routes }, place) => {
    const route = routes.find((one) => one.name === name)
    if (route === undefined) return []
    return [`<rect class="${route.complete ? 'route' : 'half'}" x="${x(place)}" y="${top + 3}" width="${column}" height="${row - 6}"/>`, text('cell-text', place, top + row / 2, route.complete ? 'live' : 'half')]
  })
}

function laneRow(lane: Lane, top: number): readonly string[] {
  return lane.cells.flatMap((cell, place) => {
    const change = cell.when === 'always' ? '' : ' change'
    return box(`cell ${cell.answer}${change}`, place, top, `${cell.answer}${change === '' ? '' : '*'}`)
  })
}

function box(kind: string, place: number, top: number, words: string): readonly string[] {
  return [`<rect class="${kind}" x="${x(place) + 3}" y="${top + 3}" width="${column - 6}" height="${row - 6}" rx="3"/>`, text('cell-text', place, top + row / 2, words)]
}

function text(kind: string, place: number, y: number, words: string): string {
  return `<text class="${kind}" x="${x(place) + column / 2}" y="${y}">${escapeMarkup(words)}</text>`
}

/** A lane in a few words: `Argo CD compares`, `a sync`, `a sync, RespectIgnoreDifferences`. */
export function laneName({ asks, options }: Lane): string {
  if (asks === 'compare') return 'Argo CD compares'
  return options.length === 0 ? 'a sync' : `a sync, ${options.map((option) => option.replace(/=true$/, '')).join(', ')}`
}

function answerText(cell: Cell | undefined): string {
  return cell === undefined ? '' : `${cell.answer}${cell.when === 'always' ? '' : ` ${cell.when}`}`
}

/** A cell in words, with its reasons. */
export function cellText(cell: Cell | undefined): string {
  return `${answerText(cell)}${cell === undefined || cell.why.length === 0 ? '' : `: ${cell.why.join('; ')}`}`
}

function label(words: string, middle: number): string {
  const lines = nameLines(words)
  const title = lines.join(' ') === words ? '' : `<title>${escapeMarkup(words)}</title>`
  if (lines.length === 1) return `<text class="label" x="12" y="${middle}">${title}${escapeMarkup(lines[0] ?? '')}</text>`
  return `<text class="label small" x="12" y="${middle - 6}">${title}${lines.map((line, index) => `<tspan x="12"${index === 0 ? '' : ' dy="12"'}>${escapeMarkup(line)}</tspan>`).join(' ')}</text>`
}

/** A name in one line or two; the rest of a longer one is cut. */
function nameLines(name: string): readonly string[] {
  if (name.length <= longest) return [name]
  const space = name.lastIndexOf(' ', longest)
  const at = space <= 0 ? longest : space
  return [name.slice(0, at), cut(name.slice(at).trimStart(), longest)]
}

function cut(words: string, most: number): string {
  return words.length <= most ? words : `${words.slice(0, most - 1)}…`
}
