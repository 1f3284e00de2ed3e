/** One evaluation that waits for its batch. */
export interface Waiting<Answer> { readonly expression: string; readonly object: unknown; readonly resolve: (answer: Answer) => void; readonly reject: (error: unknown) => void }

/** Collects what is asked in one turn, and while a batch is under way, into the next batch of at most `size`. */
export function askInBatches<Answer>(answer: (batch: readonly Waiting<Answer>[]) => Promise<void>, size: number): (expression: string, object: unknown) => Promise<Answer> {
  let waiting: Waiting<Answer>[] = []
  let isRunning = false
  const run = async (): Promise<void> => {
    await Promise.resolve()
    while (waiting.length > 0) {
      const batch = waiting.slice(0, size)
      waiting = waiting.slice(size)
      await answer(batch).catch((error: unknown) => { for (const { reject } of batch) reject(error) })
    }
    isRunning = false
  }
  return (expression, object) => new Promise((resolve, reject) => {
    waiting.push({ expression, object, resolve, reject })
    if (isRunning) return
    isRunning = true
    void run()
  })
}
