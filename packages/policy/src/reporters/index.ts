import { github } from './github.ts'
import { gitlab } from './gitlab.ts'
import { html } from './html.ts'
import { json } from './json.ts'
import { junit } from './junit.ts'
import { markdown } from './markdown.ts'
import type { Reporter } from './reporter.ts'
import { sarif } from './sarif.ts'
import { stylish } from './stylish.ts'
import { tap } from './tap.ts'

/** Every format that a report can be printed in, by the name that `--format` takes. */
export const reporters: Readonly<Record<Format, Reporter>> = { stylish, json, sarif, junit, github, gitlab, markdown, tap, html }

export type Format = 'stylish' | 'json' | 'sarif' | 'junit' | 'github' | 'gitlab' | 'markdown' | 'tap' | 'html'

export function isFormat(name: string): name is Format {
  return Object.hasOwn(reporters, name)
}
