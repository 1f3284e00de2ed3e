import { createTwoFilesPatch } from 'diff'

/** A unified diff of one file as git prints it, without the index line; `''` where nothing differs. */
export function diffText(file: string, before: string, after: string): string {
  if (before === after) return ''
  const patch = createTwoFilesPatch(`a/${file}`, `b/${file}`, before, after, undefined, undefined, { context: 3 })
  return patch.replace(/^=+\n/, '').replace(/^(---|\+\+\+) (.*?)\t.*$/gm, '$1 $2')
}
