import type { Chapter, Story } from '@rollsync/ignore'
import type { ResourceRef } from '@rollsync/manifests'
import { shortImages } from '@rollsync/rollouts'
import { rowOf } from './row.ts'

const columns = ['what happens', 'Argo CD', 'then it says', 'step', 'weight', 'header routes', 'pods'] as const

/** A day as a table: each event, what Argo CD did about it, and how things stand then; the fights below. */
export function storyTable(story: Story, rollout: ResourceRef): string {
  const cells = story.chapters.map((chapter) => cellsOf(chapter, rollout))
  const widths = columns.map((column, index) => Math.max(column.length, ...cells.map((row) => row[index]?.length ?? 0)))
  const line = (row: readonly string[]): string => row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ').trimEnd()
  const end = story.fights.length === 0 ? 'No fight: each controller keeps what the other wrote.' : story.fights.map((fight) => `! ${shortImages(fight)}`).join('\n')
  return `${[line(columns), ...cells.map(line)].join('\n')}\n\n${end}\n`
}

/** What happens again and again is told once, with how often. */
function counted(acts: readonly string[]): readonly string[] {
  const times = new Map<string, number>()
  for (const act of acts) times.set(act, (times.get(act) ?? 0) + 1)
  return [...times].map(([act, count]) => (count === 1 ? act : `${act} (${count} times)`))
}

function cellsOf(chapter: Chapter, rollout: ResourceRef): readonly string[] {
  const row = rowOf(chapter.state, rollout, 0, '')
  const acts = chapter.acts.filter((act) => act.by === 'Argo CD').map((act) => act.what)
  const own = chapter.sync === 'Synced' ? 'Synced' : `${chapter.sync}: ${chapter.because}`
  const said = [own, ...chapter.others.filter(({ sync }) => sync !== 'Synced').map(({ application, sync, because }) => `${application} ${sync}: ${because}`)].join('; ')
  return [shortImages(chapter.event), acts.length === 0 ? '-' : counted(acts).join('; '), said, row.step, row.weight, row.routes, row.pods]
}
