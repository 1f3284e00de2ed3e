/*
 * Texts that differ in words alone (letters and digits, with single - _ . / between them) have the same YAML structure: no character that means something to YAML is among them, and a word neither begins nor ends
 * anything by what it says. Of many such texts one is parsed, and the others take its tree with their own words (shape.ts).
 */
const word = /[A-Za-z0-9]+(?:[-_./][A-Za-z0-9]+)*/g
const mark = '\u0001'

/** What is the same of all texts that differ in words alone; undefined for one that cannot be shared. */
export function skeletonOf(text: string): string | undefined {
  return text.includes(mark) || /^%/m.test(text) ? undefined : text.replace(word, mark)
}

/** A text, and the offsets at which its words end. */
export interface WordedText {
  readonly text: string
  readonly ends: readonly number[]
}

/** A text beside the one that was parsed: `differing` counts, for each number of words, how many of the first ones are others than there. */
export interface ComparedText extends WordedText {
  readonly differing: readonly number[]
}

export function wordsOf(text: string): readonly string[] {
  return text.match(word) ?? []
}

/** `words` are those of the text. */
export function inWords(text: string, words: readonly string[] = wordsOf(text)): WordedText {
  const ends: number[] = []
  let end = 0
  for (const one of words) {
    // Nothing between two words can begin one, so that the next place of these characters is the word itself.
    end = text.indexOf(one, end) + one.length
    ends.push(end)
  }
  return { text, ends }
}

export function besideKnown(text: WordedText, words: readonly string[], known: readonly string[]): ComparedText {
  const differing = [0]
  let count = 0
  for (let index = 0; index < words.length; index += 1) {
    if (words[index] !== known[index]) count += 1
    differing.push(count)
  }
  return { ...text, differing }
}

/** A place between characters, as so many characters behind the end of the word before it. */
export interface Boundary {
  readonly words: number
  readonly behind: number
}

export function offsetOf({ ends }: WordedText, { words, behind }: Boundary): number {
  return (words === 0 ? 0 : (ends[words - 1] as number)) + behind
}

export function boundaryOf({ ends }: WordedText, offset: number): Boundary {
  let low = 0
  let high = ends.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ends[middle] as number) <= offset) low = middle + 1
    else high = middle
  }
  return { words: low, behind: offset - (low === 0 ? 0 : (ends[low - 1] as number)) }
}
