/** Nouns in a sentence: `the host, the rules or the paths`. */
export function listed(nouns: readonly string[]): string {
  return nouns.length < 2 ? nouns.join('') : `${nouns.slice(0, -1).join(', ')} or ${nouns.at(-1)}`
}
