import type { Diagnostic } from '@rollsync/manifests'
import { CliError } from './exit.ts'

/** Throws where a file could not be read: what would be done then is not about what Git holds. */
export function refuseBroken(diagnostics: readonly Diagnostic[]): void {
  const broken = diagnostics.find((one) => one.severity === 'error')
  if (broken === undefined) return
  const at = broken.at === undefined ? '' : `${broken.at.file}:${broken.at.line}:${broken.at.column}: `
  throw new CliError('UNREADABLE', `${at}${broken.message}`, { hint: broken.hint ?? 'mend the file first; nothing was done' })
}
