const compiled = new Map<string, RegExp | undefined>()

/** util/glob (gobwas/glob): `*`, `**`, `?`, `[a-z]`, `[!a]`, `{a,b}`; with a separator `*` and `?` stop at it, `**` does not. A pattern that does not compile matches nothing. */
export function globMatches(pattern: string, text: string, separator?: '/'): boolean {
  if (!/[*?[\]{}\\]/.test(pattern)) return pattern === text
  const key = `${separator ?? ''}\n${pattern}`
  if (!compiled.has(key)) compiled.set(key, compileGlob(pattern, separator === undefined ? '.' : '[^/]'))
  return compiled.get(key)?.test(text) ?? false
}

function compileGlob(pattern: string, any: '.' | '[^/]'): RegExp | undefined {
  let source = ''
  let depth = 0
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]!
    if (char === '\\') source += escape(pattern[++i] ?? '')
    else if (char === '*') {
      const crosses = pattern[i + 1] === '*'
      source += crosses ? '.*' : `${any}*`
      if (crosses) i++
    } else if (char === '?') source += any
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
