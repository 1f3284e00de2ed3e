import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** The recorder as a process that stays: a list of questions in, the same list answered. */
export const openRecorder = (binary, definitions) => {
  // In a group of its own: a signal that ends the asking must not cut an answer off.
  const child = spawn(binary, definitions, { stdio: ['pipe', 'pipe', 'inherit'], detached: true })
  const lines = createInterface({ input: child.stdout, crlfDelay: Infinity })[Symbol.asyncIterator]()
  return {
    ask: async questions => {
      child.stdin.write(questions.map(question => `${JSON.stringify(question)}\n`).join(''))
      const answers = []
      while (answers.length < questions.length) {
        const { value, done } = await lines.next()
        if (done) throw new Error(`the recorder ended after ${answers.length} of ${questions.length} answers; the next question was ${JSON.stringify(questions[answers.length])}`)
        answers.push(JSON.parse(value))
      }
      return answers
    },
    close: () => child.stdin.end(),
  }
}
