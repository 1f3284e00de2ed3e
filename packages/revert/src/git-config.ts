/** One setting of a Git config text: the last value of `section.key`, or of `section.sub.key`. Includes are not followed. */
export function configValue(text: string, section: string, key: string, sub?: string): string | undefined {
  let inside = false
  let found: string | undefined
  for (const line of text.split(/\r?\n/)) {
    const head = /^\s*\[([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\]\s*(.*)$/.exec(line)
    if (head !== null) inside = head[1]?.toLowerCase() === section && head[2]?.replaceAll(/\\(.)/g, '$1') === sub
    const setting = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(head === null ? line : (head[3] ?? ''))
    if (inside && setting?.[1]?.toLowerCase() === key) found = unquoted(setting[2] ?? '')
  }
  return found
}

function unquoted(text: string): string {
  const plain = /^"((?:[^"\\]|\\.)*)"/.exec(text)?.[1]
  return plain === undefined ? text.replace(/\s+[#;].*$/, '') : plain.replaceAll(/\\(.)/g, '$1')
}
