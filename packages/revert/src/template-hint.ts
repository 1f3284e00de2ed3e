/** For a Helm template that cannot be edited: which values its image lines read, `.Values.image.tag` and the like. */
export function valuesRead(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => /^\s*-?\s*(image|tag|repository|newTag|digest)\s*:/i.test(line) && line.includes('{{'))
  return [...new Set(lines.flatMap((line) => [...line.matchAll(/\.Values((?:\.\w+)+)/g)].map((match) => (match[1] ?? '').slice(1))))]
}
