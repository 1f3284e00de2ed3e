import { CommanderError } from 'commander'
import { CliError, type ExitCode } from './exit.ts'
import type { Io } from './io.ts'
import { program } from './program.ts'

/** Runs one command line (without `node` and the script) and gives its exit code; everything printed goes through `io`. Never throws. */
export async function main(args: readonly string[], io: Io): Promise<ExitCode> {
  let exit: ExitCode = 0
  try {
    await program(io, (code) => (exit = code)).parseAsync([...args], { from: 'user' })
    return exit
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    io.err(describeError(error))
    return 2
  }
}

/** One line that says what went wrong, and one that says what to do. Errors of our packages carry `code` and `hint`; anything else is a defect of ours and shows its stack. */
function describeError(error: unknown): string {
  if (error instanceof CliError || (error instanceof Error && 'code' in error && 'hint' in error)) {
    const hint = (error as { hint?: unknown }).hint
    return `error: ${error.message}\n${typeof hint === 'string' && hint !== '' ? `  hint: ${hint}\n` : ''}`
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `error: this is a defect of rollsync, not of your files; please report it with the command line and this text:\n${stack}\n`
}
