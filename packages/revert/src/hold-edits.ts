import { editDocument, parse, type SourceText, type TextEdit } from '@rollsync/manifests'
import type { Updater } from './hold.ts'

/** The edits that hold every updater which Git can hold, for the same commit as the revert. */
export function holdEdits(files: readonly SourceText[], updaters: readonly Updater[]): readonly TextEdit[] {
  const places = new Map(updaters.flatMap(({ file, hold }) => (hold === undefined ? [] : [[`${file} ${hold.documentIndex}`, { file, documentIndex: hold.documentIndex }] as const])))
  return [...places.values()].flatMap(({ file, documentIndex }) => {
    const source = files.find((one) => one.file === file)
    const document = source === undefined ? undefined : parse([source]).documents.find((one) => one.documentIndex === documentIndex)
    if (document === undefined) return []
    const changes = updaters.filter((one) => one.file === file && one.hold?.documentIndex === documentIndex).flatMap((one) => one.hold?.changes ?? [])
    return editDocument(document, changes)
  })
}
