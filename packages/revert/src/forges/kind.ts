import type { Forge } from './forge.ts'

/** What a host's name says of its software. */
export function forgeKind(url: string): Forge['kind'] | undefined {
  const { hostname } = new URL(url)
  if (hostname === 'github.com' || /(^|[.-])github[.-]/.test(hostname)) return 'github'
  if (/(^|[.-])gitlab[.-]/.test(hostname)) return 'gitlab'
  return hostname === 'codeberg.org' || /(^|[.-])(gitea|forgejo)[.-]/.test(hostname) ? 'gitea' : undefined
}
