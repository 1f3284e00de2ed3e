import type { JqAnswer, JqEngine } from '@rollsync/argocd'

/** The engine with the answers of its slow part, those that come as promises, remembered: a case asks the same of the same object in every mode and sync. */
export const rememberAnswers = (engine: JqEngine): JqEngine => {
  const slow = new Set<string>()
  const answers = new Map<string, Promise<JqAnswer>>()
  return {
    ...engine,
    del: (expression, object) => {
      const key = slow.has(expression) ? JSON.stringify([expression, object]) : undefined
      const known = key === undefined ? undefined : answers.get(key)
      if (known !== undefined) return known
      const answer = engine.del(expression, object)
      if (answer instanceof Promise) {
        slow.add(expression)
        answers.set(key ?? JSON.stringify([expression, object]), answer)
      }
      return answer
    },
  }
}
