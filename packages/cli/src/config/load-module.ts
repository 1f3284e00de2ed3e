import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { CliError } from '../exit.ts'
import type { Io } from '../io.ts'

/** The default export of a JavaScript or TypeScript module, by its path from the working directory. Throws a CliError for one that cannot be loaded. */
export async function loadModule(path: string, io: Io): Promise<unknown> {
  const full = resolve(io.cwd, path)
  try {
    await readFile(full)
  } catch (cause) {
    throw new CliError('NO_SUCH_PATH', `${path}: no such file`, { hint: 'paths in a configuration count from its own folder', cause })
  }
  try {
    const loaded = (await import(pathToFileURL(full).href)) as { readonly default?: unknown }
    return loaded.default
  } catch (cause) {
    throw new CliError('BAD_MODULE', `${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { hint: moduleHint(path, cause), cause })
  }
}

/** What a person does about a module that Node would not import. */
export function moduleHint(path: string, cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION' && /\.[cm]?ts$/.test(path)) {
    return `Node ${process.versions.node} does not read TypeScript; Node 22.18 and newer do, and a .js file with JSDoc types does everywhere`
  }
  return 'it must be a module that Node can import, with a default export'
}
