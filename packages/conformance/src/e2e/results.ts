import { appendFileSync } from 'node:fs'
import { isMap } from '@rollsync/manifests'
import type { ClusterVersions } from '../cluster/programs.ts'
import type { Lived } from './live.ts'
import type { Prediction } from './predict.ts'

/** What one day came to, a line of the file that E2E_RESULTS names; scripts/e2e.mjs makes the table in docs/truth.md of it. */
export interface Result {
  readonly name: string
  readonly versions: ClusterVersions
  /** Events at whose end everything was compared, the deploy among them. */
  readonly events: number
  readonly values: number
  readonly predicted: readonly string[]
  readonly disagreements: number
}

export function noteResult(name: string, versions: ClusterVersions, lived: readonly Lived[], prediction: Prediction, disagreements: number): void {
  const file = process.env['E2E_RESULTS']
  if (file === undefined) return
  const values = lived.reduce((sum, { seen }) => sum + countOf(seen), 0)
  const result: Result = { name, versions, events: lived.length, values, predicted: prediction.fights, disagreements }
  appendFileSync(file, `${JSON.stringify(result)}\n`)
}

function countOf(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one: unknown) => sum + countOf(one), 0)
  return isMap(value) ? Object.values(value).reduce((sum: number, one) => sum + countOf(one), 0) : 1
}
