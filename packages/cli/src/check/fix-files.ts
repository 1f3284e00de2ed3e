import { applyEdits, ManifestsError, type TextEdit } from '@rollsync/manifests'
import type { Finding } from '@rollsync/policy'

/** The new text of each file that findings can mend for certain. Of two mends that meet in one place the first is made; the other one waits for the next round. */
export function fixedFiles(findings: readonly Finding[], sources: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const edits = new Map<string, readonly TextEdit[]>()
  const texts = new Map<string, string>()
  for (const { file, fix } of findings) {
    const before = sources.get(file)
    if (fix === undefined || before === undefined) continue
    const all = [...(edits.get(file) ?? []), ...fix]
    const after = editedOrNot(before, all)
    if (after === undefined) continue
    edits.set(file, all)
    texts.set(file, after)
  }
  return texts
}

function editedOrNot(before: string, edits: readonly TextEdit[]): string | undefined {
  try {
    return applyEdits(before, edits)
  } catch (error) {
    if (error instanceof ManifestsError) return undefined
    throw error
  }
}
