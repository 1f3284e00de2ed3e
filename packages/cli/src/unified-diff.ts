import { createTwoFilesPatch } from 'diff'
import type { Paint } from './paint.ts'

/** A unified diff of one text, as git prints it, or '' where nothing differs. */
export function unifiedDiff(file: string, before: string, after: string, paint: Paint, context = 3): string {
  if (before === after) return ''
  const patch = createTwoFilesPatch(`a/${file}`, `b/${file}`, before, after, undefined, undefined, { context })
  return patch.split('\n').filter((line) => !line.startsWith('====')).map((line) => painted(line, paint)).join('\n')
}

function painted(line: string, paint: Paint): string {
  if (line.startsWith('+++') || line.startsWith('---')) return paint.bold(line)
  if (line.startsWith('+')) return paint.green(line)
  if (line.startsWith('-')) return paint.red(line)
  return line.startsWith('@@') ? paint.dim(line) : line
}
