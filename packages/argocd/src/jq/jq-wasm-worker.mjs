// One instance of jq in a thread of its own. It is plain JavaScript, so that it starts from the sources as from the package.
import { parentPort } from 'node:worker_threads'
import { loadJq } from 'jq-wasm'

const jq = await loadJq()

parentPort.on('message', (/** @type {{ program: string, input: string }} */ { program, input }) => {
  // An input that is a string is read as JSON text.
  const { stdout, stderr, exitCode } = jq.raw(input, program, ['-c'])
  parentPort.postMessage({ stdout, stderr, exitCode })
})
parentPort.postMessage('ready')
