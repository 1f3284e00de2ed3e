// One instance of gojq.wasm in a thread of its own. It is plain JavaScript, so that it starts from the sources as from the package.
import { openSync, readFileSync } from 'node:fs'
import { devNull } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'

process.removeAllListeners('warning') // node:wasi calls itself experimental on every start
const { WASI } = await import('node:wasi')

const nothing = openSync(devNull, 'r+')
const wasi = new WASI({ version: 'preview1', args: [], env: {}, stdin: nothing, stdout: nothing, stderr: nothing, returnOnExit: true })
const { instance } = await WebAssembly.instantiate(readFileSync(workerData.wasm), wasi.getImportObject())
wasi.initialize(instance)
const { memory, reserve, respond, answered } = instance.exports

parentPort.on('message', (/** @type {string} */ request) => {
  const bytes = new TextEncoder().encode(request)
  new Uint8Array(memory.buffer, reserve(bytes.length) >>> 0, bytes.length).set(bytes)
  const length = respond()
  parentPort.postMessage(new TextDecoder().decode(new Uint8Array(memory.buffer, answered() >>> 0, length)))
})
parentPort.postMessage('ready')
