import type { Io } from '../io.ts'

const patience = 1000
const pace = 100

/** A line on the terminal that says how far the work is, once it takes more than a second; nothing where standard error is no terminal. `end` takes it away again. */
export function progress(io: Io, now: () => number = () => performance.now()): { readonly tell: (done: number, of: number) => void; readonly end: () => void } {
  if (io.progress !== 'shown') return { tell: () => undefined, end: () => undefined }
  const began = now()
  let told = began + patience - pace
  let shown: 'yes' | 'no' = 'no'
  return {
    tell: (done, of) => {
      if (now() - told < pace) return
      told = now()
      shown = 'yes'
      io.err(`\r\u001b[K${done} of ${of} Rollouts`)
    },
    end: () => {
      if (shown === 'yes') io.err('\r\u001b[K')
    },
  }
}
