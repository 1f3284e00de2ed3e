import type { Chapter, Story } from '@rollsync/ignore'
import type { ResourceRef } from '@rollsync/manifests'
import { rowOf, shortImages } from './row.ts'

const columns = ['what happens', 'Argo CD', 'then it says', 'step', 'weight', 'header routes', 'pods'] as const

/** A day as a table: each event, what Argo CD did about it, and how things stand then; the fights below. */
export function storyTable(story: Story, rollout: ResourceRef): string {
  const cells = story.chapters.map((chapter) => cellsOf(chapter, rollout))
  const widths = columns.map((column, index) => Math.max(column.length, ...cells.map((row) => row[index]?.length ?? 0)))
  const line = (row: readonly string[]): string => row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ').trimEnd()
  const end = story.fights.length === 0 ? 'No fight: each controller keeps what the other wrote.' : story.fights.map((fight) => `! ${shortImages(fight)}`).join('\n')
  return `${[line(columns), ...cells.map(line)].join('\n')}\n\n${end}\n`
}

function cellsOf(chapter: Chapter, rollout: ResourceRef): readonly string[] {
  const row = rowOf(chapter.state, rollout, 0, '')
  const acts = chapter.acts.filter((act) => act.by === 'Argo CD').map((act) => act.what)
  const said = chapter.sync === 'Synced' ? 'Synced' : `${chapter.sync}: ${chapter.because}`
  return [shortImages(chapter.event), acts.length === 0 ? '-' : acts.join('; '), said, row.step, row.weight, row.routes, row.pods]
}
