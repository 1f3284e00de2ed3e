import { RevertError } from '@rollsync/revert'
import { CliError } from '../exit.ts'

/** An error of a revert as one of the command line; where several places could be meant, they are listed with the ids that --site takes. */
export function inOurWords(error: unknown): never {
  if (!(error instanceof RevertError)) throw error
  const candidates = error.candidates.map((one) => `\n  ${one.id}  ${one.image}  ${one.what}`).join('')
  throw new CliError(error.code, `${error.message}${candidates}`, { ...(error.hint === undefined ? {} : { hint: error.hint }), cause: error })
}
