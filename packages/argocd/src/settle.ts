/** Work that may have to wait for a foreign jq engine: it yields promises, and gets what they resolve to. */
export type Steps<T> = Generator<Promise<unknown>, T, unknown>

/** Runs the steps: at once as long as nothing has to be waited for, as a promise from there on. */
export function settle<T>(steps: Steps<T>): T | Promise<T> {
  const next = steps.next()
  return next.done === true ? next.value : settleLater(steps, next.value)
}

async function settleLater<T>(steps: Steps<T>, first: Promise<unknown>): Promise<T> {
  let waiting = first
  for (;;) {
    const next = steps.next(await waiting)
    if (next.done === true) return next.value
    waiting = next.value
  }
}

/** One value of a step, waited for only where it is a promise. */
export function* arrived<T>(value: T | Promise<T>): Steps<T> {
  return value instanceof Promise ? ((yield value) as T) : value
}
