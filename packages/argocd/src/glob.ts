const compiled = new Map<string, RegExp | undefined>()

/** util/glob without separators (gobwas/glob): `*`, `**`, `?`, `[a-z]`, `[!a]`, `{a,b}`. A pattern that does not compile matches nothing. */
export function globMatches(pattern: string, text: string): boolean {
  if (!/[*?[\]{}\\]/.test(pattern)) return pattern === text
  if (!compiled.has(pattern)) compiled.set(pattern, compileGlob(pattern))
  return compiled.get(pattern)?.test(text) ?? false
}

function compileGlob(pattern: string): RegExp | undefined {
  let source = ''
  let depth = 0
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]!
    if (char === '\\') source += escape(pattern[++i] ?? '')
    else if (char === '*') source += '.*'
    else if (char === '?') source += '.'
    else if (char === '{') { depth++; source += '(?:' }
    else if (char === '}' && depth > 0) { depth--; source += ')' }
    else if (char === ',' && depth > 0) source += '|'
    else if (char === '[') {
      const set = /^\[(!?)([^\]]+)\]/.exec(pattern.slice(i))
      if (!set) return undefined
      source += `[${set[1] === '!' ? '^' : ''}${set[2]!.replaceAll('\\', '\\\\').replaceAll('^', '\\^')}]`
      i += set[0].length - 1
    } else source += escape(char)
  }
  if (depth > 0) return undefined
  try {
    return new RegExp(`^${source}$`, 's')
  } catch {
    return undefined
  }
}

function escape(char: string): string {
  return char.replace(/[.*+?^${}()|[\]\\/-]/, '\\$&')
}
