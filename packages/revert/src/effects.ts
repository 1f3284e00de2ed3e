import type * as nodeFs from 'node:fs'

/** The part of Node's `fs` that a local repository needs; tests give one that fails where they want. */
export interface FileSystem {
  readonly promises: typeof nodeFs.promises
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

/** An answer, redirects followed: `url` is the one that answered. Header names are lowercase. */
export interface HttpResponse {
  readonly status: number
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export type Http = (request: HttpRequest) => Promise<HttpResponse>

/** What a program printed and how it ended. */
export interface Ran {
  readonly code: number
  readonly stdout: Uint8Array
  readonly stderr: string
}

/** Runs a program with a text on its standard input; no shell. */
export type Run = (program: string, args: readonly string[], options: { readonly cwd?: string; readonly input?: Uint8Array; readonly env?: Readonly<Record<string, string>> }) => Promise<Ran>

/** Everything outside of the program that a revert touches. */
export interface Effects {
  readonly fs: FileSystem
  readonly http: Http
  readonly now: () => Date
  /** From 0 to 1, for the waits between tries and the names of temporary files. */
  readonly random: () => number
  readonly sleep: (milliseconds: number) => Promise<void>
  /** For the native back-end only. */
  readonly run?: Run
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Told what is being done, for a terminal. */
  readonly progress?: (phase: string) => void
}

