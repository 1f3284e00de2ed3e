export type { ExitCode } from './exit.ts'
export { type Io, processIo } from './io.ts'
export { main } from './main.ts'
