import type { JqEngine } from '@rollsync/argocd'
import { templateHolder } from '@rollsync/ignore'
import { type KubeObject, refKey, refOf, type ResourceRef } from '@rollsync/manifests'
import type { World } from '@rollsync/rollouts'
import type { Versions } from '../check-policy.ts'
import type { ApplicationScope, CanaryScope } from '../discover/repository.ts'
import { simulatedWorld } from '../explore-repository.ts'
import { type CanaryPicture, type Lane, type Mark, pictureMoments, type Told } from './canary-picture.ts'
import { type Day, type DayName, dayNames, dayOf, type DaySettings } from './days.ts'
import { foundDays } from './found-days.ts'
import { type Asked, judgeFor, lanesOf } from './lanes.ts'

/** A moment that a finding of a report names, by the finding's number there, from 1. */
export interface NamedMoment {
  readonly finding: number
  readonly words: string
}

/** One Rollout as one Application (or none) deploys objects of it, by which versions. */
export interface PicturedCanary {
  readonly scope: CanaryScope
  readonly application: ApplicationScope | undefined
  readonly versions: Versions
  readonly jq: JqEngine
}

/** More moments than this of one canary are not drawn days of their own. */
const mostFound = 6

/** The Applications that deploy objects which a simulation of the Rollout holds, in the order of their first objects; `undefined` alone where there is none. */
export function applicationsOf(scope: CanaryScope): readonly (ApplicationScope | undefined)[] {
  const git = simulatedWorld(scope)
  const found = [scope.rollout, ...scope.neighbours].flatMap(({ object, application }) => (application === undefined || !git.has(refKey(refOf(object))) ? [] : [application]))
  return found.length === 0 ? [undefined] : [...new Set(found)]
}

/** The days of one canary: the one that goes well, those that go wrong, and those to moments that findings name and that none of the others shows. Each named moment is marked where it is. */
export async function pictureCanary(canary: PicturedCanary, named: readonly NamedMoment[] = [], names: readonly DayName[] = dayNames): Promise<readonly CanaryPicture[]> {
  const { settings, asked } = dayContext(canary)
  const usual: Day[] = []
  for (const name of names) {
    const day = await dayOf(name, settings)
    if (day !== undefined) usual.push(day)
  }
  const [good] = usual
  const words = [...new Set(named.map((one) => one.words))].filter((one) => good?.told.some((told) => told.words === one) !== true).slice(0, mostFound)
  const found = good === undefined ? [] : foundDays(words, good, settings)
  const days = [...usual, ...found]
  const lanes = asked === undefined ? days.map(() => []) : await lanesOf(days.map(({ told }) => told), asked)
  const drawn = days.map((day, index) => pictureOf(day, canary, settings, lanes[index] ?? []))
  return marked(drawn.map((picture, index) => ({ picture, told: days[index]?.told ?? [], kind: index < usual.length ? 'usual' : 'found' })), named)
}

/** A timeline of one's own, judged and drawn as the days of a report are. */
export async function pictureDay(day: Pick<Day, 'title' | 'about' | 'told'>, canary: PicturedCanary): Promise<CanaryPicture> {
  const { settings, asked } = dayContext(canary)
  const [lanes = []] = asked === undefined ? [] : await lanesOf([day.told], asked)
  return pictureOf(day, canary, settings, lanes)
}

/** What the days of a canary are made of. */
export function dayContext({ scope, application, versions, jq }: PicturedCanary): { readonly settings: DaySettings; readonly asked: Asked | undefined } {
  const git = simulatedWorld(scope)
  const rollout = scope.rollout.object
  const settings = { git, rollout, profile: versions.rollouts }
  if (application === undefined) return { settings, asked: undefined }
  const asked = { rollout, application, resources: resourcesOf(scope, application, git), versions, jq }
  return { settings: { ...settings, synced: { judge: judgeFor(asked), resources: asked.resources } }, asked }
}

function resourcesOf({ rollout, neighbours }: CanaryScope, application: ApplicationScope, git: World): readonly ResourceRef[] {
  return [rollout, ...neighbours].filter((one) => one.application === application).map(({ object }) => refOf(object)).filter((ref) => git.has(refKey(ref)))
}

function pictureOf({ title, about, told }: Pick<Day, 'title' | 'about' | 'told'>, { application, versions }: PicturedCanary, { rollout, git }: DaySettings, lanes: readonly Lane[]): CanaryPicture {
  const by = [`Argo Rollouts ${versions.rollouts.version}`, ...(application === undefined ? [] : [`Argo CD ${versions.argocd.version}`])]
  const holder: KubeObject = templateHolder(git, rollout)
  return { rollout: refOf(rollout), application: application?.manifest.ref, by, title, about, moments: pictureMoments(told, refOf(rollout), { git, holder: refOf(holder) }), lanes, marks: [] }
}

interface Drawn {
  readonly picture: CanaryPicture
  readonly told: readonly Told[]
  readonly kind: 'usual' | 'found'
}

/** Every named moment at the first place that shows something out of order there, else at the first place; found days that show none are left out. */
function marked(drawn: readonly Drawn[], named: readonly NamedMoment[]): readonly CanaryPicture[] {
  const marks = drawn.map((): Mark[] => [])
  for (const { finding, words } of named) {
    const places = drawn.flatMap(({ picture, told }, day) => told.flatMap((one, place) => (one.words === words ? [{ day, place, moment: one.number, order: isInOrder(picture, place) ? 'in order' : 'broken' }] : [])))
    const at = places.find(({ order }) => order === 'broken') ?? places[0]
    if (at !== undefined) marks[at.day]?.push({ finding, moment: at.moment })
  }
  return drawn.flatMap(({ picture, kind }, day) => (kind === 'found' && marks[day]?.length === 0 ? [] : [{ ...picture, marks: marks[day] ?? [] }]))
}

/** Whether Argo CD would be content at a moment, with the options that the Application has, and the controllers as well. */
export function isInOrder({ moments, lanes }: CanaryPicture, place: number): boolean {
  const own = lanes.filter((lane, index) => lane.asks === 'compare' || index === lanes.findIndex((one) => one.asks === 'sync'))
  return moments[place]?.troubles.length === 0 && own.every(({ cells }) => cells[place]?.answer === 'Synced' || cells[place]?.answer === 'safe')
}
