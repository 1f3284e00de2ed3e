import type { Report } from '../finding.ts'
import type { CanaryPicture } from '../picture/canary-picture.ts'
import type { RuleMeta } from '../rule.ts'

/** How words are coloured; `plain` leaves them as they are. */
export interface Paint {
  readonly red: (text: string) => string
  readonly yellow: (text: string) => string
  readonly dim: (text: string) => string
  readonly bold: (text: string) => string
  readonly green: (text: string) => string
}

const same = (text: string): string => text
export const plain: Paint = { red: same, yellow: same, dim: same, bold: same, green: same }

/** What a reporter may need beside the report: each file's text by its name, what the rules that ran say of themselves, colours, the version of the tool, and for html the pictures of each canary's days, with how many canaries are not drawn. */
export interface ReporterContext {
  readonly sources: ReadonlyMap<string, string>
  readonly rules: readonly RuleMeta[]
  readonly paint?: Paint
  readonly toolVersion?: string
  readonly pictures?: readonly CanaryPicture[]
  readonly picturesLeft?: number
}

/** Turns a report into the text of one format. Pure: same report, byte-equal text. */
export type Reporter = (report: Report, context: ReporterContext) => string
