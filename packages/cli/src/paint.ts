import { type Paint, plain } from '@rollsync/policy'
import picocolors from 'picocolors'
import type { Io } from './io.ts'

export type { Paint }

/** Colours where the output is a terminal that wants them. */
export function paintOf(io: Io): Paint {
  if (io.color === 'off') return plain
  const { red, yellow, dim, bold, green } = picocolors.createColors(true)
  return { red, yellow, dim, bold, green }
}
